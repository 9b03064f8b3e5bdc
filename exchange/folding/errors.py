"""What a reader of the log's bytes says to the step: these are no value, or: ask again later."""

from typing import Literal

Code = Literal[
    "not_framed",
    "schema_unknown",
    "schema_of_other_topic",
    "avro_undecodable",
    "trailing_bytes",
    "too_large",
    "not_encodable",
]


class ReadAgainError(Exception):
    """What is needed to read a message cannot be had now. Not the message is at fault: read it again."""


class SerdeError(Exception):
    """Bytes that are no value of the topic, or a value that is none of the schema. Never quotes the value."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: Code = code
        self.detail = detail
