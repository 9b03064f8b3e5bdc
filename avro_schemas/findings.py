"""What the checks of a schema find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemaFinding:
    """One thing wrong with a schema: `code` is stable, `path` the place in it, empty for the whole."""

    schema: str
    path: str
    code: str
    message: str

    def __str__(self) -> str:
        where = f"{self.schema}: {self.path}" if self.path else self.schema
        return f"{where}: {self.message} [{self.code}]"
