"""Cases as the present schema writes them, whichever version wrote them, so that contents are compared."""

from collections.abc import Callable

from avro_schemas.typed_documents import CaseDocument
from exchange.folding.errors import SerdeError
from exchange.runtime.registry.serde import schema_id_of


class PresentCases:
    """Rewrites the bytes of a case in the present schema; a case in that schema stays as it is.

    A field that a newer schema added has its default in all older cases: that alone is no difference.

    Args:
        decode: reads a case that any version wrote.
        encode: writes one as the join does.
    """

    def __init__(
        self, decode: Callable[[bytes], CaseDocument], encode: Callable[[CaseDocument], bytes]
    ) -> None:
        self._decode = decode
        self._encode = encode
        self._is_present: dict[int, bool] = {}

    def rewritten(self, payload: bytes) -> bytes:
        """Return the case in the present schema; bytes that are not a case are returned as they are."""
        try:
            schema_id = schema_id_of(payload)
            if self._is_present.get(schema_id):
                return payload
            written = self._encode(self._decode(payload))
        except SerdeError:
            return payload
        self._is_present[schema_id] = schema_id_of(written) == schema_id
        return payload if self._is_present[schema_id] else written
