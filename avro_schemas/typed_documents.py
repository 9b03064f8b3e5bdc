"""The types of records and events: only the type checker reads them, in `typed_documents.pyi`.

At run time a document is a dict and a symbol of an enum is text, so that is what their types are here: some
sixty classes would take 9 ms to make in every process, and nothing would use them.
"""


def __getattr__(name: str) -> type:
    if name.endswith(("Document", "Facts")):
        return dict
    if name.endswith("Symbol"):
        return str
    raise AttributeError(name)
