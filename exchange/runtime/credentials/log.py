"""Where credentials are kept: a compacted topic, so that a backup and a lost database keep them.

Shape: topic `credentials`, partition 0, key credential id, ``exchange.events.Credential`` as it now stands.
"""

from collections.abc import Mapping

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import CredentialActDocument, CredentialDocument
from exchange.domain.credentials import Credential, CredentialAct, CredentialRequest, Holder
from exchange.runtime.registry.kept_documents import KeptDocuments
from exchange.runtime.settings import Settings
from topics.catalogue import CREDENTIALS


class CredentialLog:
    """The topic, read and written.

    Raises:
        ExchangeError: the brokers do not answer, or refuse; so does each method.
    """

    def __init__(self, settings: Settings) -> None:
        self._kept = KeptDocuments[CredentialDocument](settings, CREDENTIALS)

    def read(self) -> Mapping[str, Credential]:
        """Return every credential there ever was as it stands, by its id, the oldest first.

        What cannot be read is passed over: its holder is let in no more, and the others' ends come.
        """
        found = map(credential_of, self._kept.last())
        return {one.credential_id: one for one in sorted(found, key=lambda one: one.made_at)}

    def keep(self, credential: Credential) -> None:
        """Return once the brokers have it as it stands."""
        at = credential.history[-1].request.at
        self._kept.keep(credential.credential_id, document_of(credential), at)


def document_of(credential: Credential) -> Document:
    """Return a credential as the topic holds it."""
    holder = credential.holder
    return {
        "credential_id": credential.credential_id,
        "principal": holder.principal,
        "department": holder.department,
        "bank": holder.bank,
        "county": holder.county,
        "state": credential.state,
        "ends_at": credential.ends_at,
        "replaced_by": credential.replaced_by,
        "secret_hash": credential.secret_hash,
        "kafka_secret": credential.kafka_secret,
        "public_key": credential.public_key,
        "history": [_act_document(done) for done in credential.history],
    }


def credential_of(document: CredentialDocument) -> Credential:
    """Return a credential that the topic holds; a state that is not known here lets nobody in."""
    return Credential(
        document["credential_id"],
        Holder(document["department"], document["bank"], document["county"]),
        document["secret_hash"],
        document["kafka_secret"],
        document["public_key"],
        "REVOKED" if document["state"] == "UNKNOWN" else document["state"],
        document["ends_at"],
        document["replaced_by"],
        tuple(_act(done) for done in document["history"]),
    )


def _act_document(done: CredentialAct) -> Document:
    request = done.request
    return {
        "act": done.act,
        "at": request.at,
        "actor": request.actor,
        "principal": request.principal,
        "reason": request.reason,
    }


def _act(document: CredentialActDocument) -> CredentialAct:
    request = CredentialRequest(document["actor"], document["at"], document["principal"], document["reason"])
    return CredentialAct("REVOKED" if document["act"] == "UNKNOWN" else document["act"], request)
