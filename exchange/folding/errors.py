"""What a reader of the log's bytes tells the step: that they are not a value, or to ask again later."""

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
    """What is needed to read a message cannot be had now. The message is not at fault: read it again."""


class SerdeError(Exception):
    """Bytes that are not a value of the topic, or a value that does not fit the schema. Never quotes it."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: Code = code
        self.detail = detail
