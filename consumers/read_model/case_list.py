"""Reads many cases at once from the read model: for summaries, which show nobody in particular."""

from collections.abc import Iterable

import psycopg

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import CaseDocument
from consumers.log.copy_session import CONNECT_LIMIT_S
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings

_FIND = "SELECT document FROM read_model.cases WHERE case_id = ANY(%s)"


class CaseList:
    """Reads cases of one exchange over one connection; a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._connection = psycopg.connect(
            settings.postgres, connect_timeout=CONNECT_LIMIT_S, autocommit=True
        )
        self._registry = Registry(settings.registry)
        self._decoder = Decoder[CaseDocument](schema("case"), self._registry.schema_by_id)

    def __enter__(self) -> "CaseList":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._registry.close()

    def read(self, case_ids: Iterable[str]) -> dict[str, CaseDocument]:
        """Return case id → ``exchange.events.Case`` for those that the read model holds by now."""
        rows = self._connection.execute(_FIND, (list(case_ids),)).fetchall()
        documents = (self._decoder.decode(row[0]) for row in rows)
        return {document["case_id"]: document for document in documents}
