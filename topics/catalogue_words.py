"""The words that `catalogue.yaml` may say; apart from its shape, whose library takes long to load."""

from typing import Literal

EACH = "each"
"""The owner of a record type that every deciding department publishes on its own topic."""

DEPARTMENT = "department"
"""Among an output's readers: the department that the topic is for."""

Role = Literal["bureau", "window", "deciding", "county"]
Cleanup = Literal["delete", "compact"]
TopicKey = Literal[
    "id_number",
    "case_id",
    "case_id_or_receipt_id",
    "receipt_id",
    "entry_id",
    "credential_id",
    "account",
    "code_hash",
    "task_id",
    "version",
    "registry",
    "none",
]
Per = Literal["one", "deciding", "publisher", "holder"]
