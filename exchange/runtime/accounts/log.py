"""Where accounts, grants and applicants' codes are kept: on topics, so that a lost database loses none.

Shape: topics `accounts` (compacted, key account name), `grants` (for ever, key account name) and
`applicant_codes` (compacted, key code hash), each of one document.
"""

from collections.abc import Mapping
from typing import Final, get_args

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import AccountDocument, ApplicantCodeDocument, GrantDocument
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account, AccountGrant, AccountRequest
from exchange.domain.applicant_codes import ApplicantCode
from exchange.domain.policy_files.access import KeptWithin
from exchange.runtime.registry.kept_documents import KeptDocuments
from exchange.runtime.settings import Settings
from topics.catalogue import ACCOUNTS, APPLICANT_CODES, GRANTS

_LIMITS: Final[tuple[KeptWithin, ...]] = tuple(one for one in get_args(KeptWithin) if one != "case")


class AccountLog:
    """Accounts and grants, read and written as `admin`.

    Raises:
        ExchangeError: the brokers do not answer, or refuse; so does each method.
    """

    def __init__(self, settings: Settings) -> None:
        self._accounts = account_documents(settings)
        self._grants = KeptDocuments[GrantDocument](settings, GRANTS)

    def read(self) -> Mapping[str, Account]:
        """Return every account there ever was as it stands, by its name."""
        found = map(account_of, self._accounts.last())
        return {one.name: one for one in sorted(found, key=lambda one: one.name)}

    def find(self, name: str) -> Account | None:
        """Return an account as it stands; None: there is none of that name."""
        return self.read().get(name)

    def grants(self) -> list[AccountGrant]:
        """Return all that was ever done to accounts, the first thing first."""
        return [grant_of(one) for one in self._grants.all()]

    def keep(self, account: Account, grant: AccountGrant) -> None:
        """Return once the brokers have an account as it stands, and before that what was done to it."""
        at = grant.request.at
        self._grants.keep(account.name, grant_document(grant), at)
        self._accounts.keep(account.name, account_document(account), at)


class CodeLog:
    """Applicants' codes, read and written; raises as `AccountLog` does."""

    def __init__(self, settings: Settings) -> None:
        self._codes = code_documents(settings)

    def read(self) -> list[ApplicantCode]:
        """Return every code there ever was as it stands."""
        return [code_of(one) for one in self._codes.last()]

    def keep(self, code: ApplicantCode) -> None:
        """Return once the brokers have a code as it stands."""
        self._codes.keep(code.code_hash, code_document(code), code.revoked_at or code.made_at)


def account_documents(settings: Settings) -> KeptDocuments[AccountDocument]:
    """Return the topic of accounts."""
    return KeptDocuments[AccountDocument](settings, ACCOUNTS)


def code_documents(settings: Settings) -> KeptDocuments[ApplicantCodeDocument]:
    """Return the topic of applicants' codes."""
    return KeptDocuments[ApplicantCodeDocument](settings, APPLICANT_CODES)


def account_document(account: Account) -> Document:
    """Return an account as the topic holds it."""
    return {
        "account": account.name,
        "role": account.role,
        **_place_document(account.kept_within),
        "state": account.state,
        "sessions_since": account.sessions_since,
        "password_hash": account.password_hash,
        "totp_secret": account.totp_secret,
        "display_name": account.display_name,
    }


def account_of(document: AccountDocument) -> Account:
    """Return an account that the topic holds; a state that is not known here lets nobody in."""
    return Account(
        document["account"],
        document["role"],
        _place(document),
        document["password_hash"],
        document["totp_secret"],
        document["sessions_since"],
        "REVOKED" if document["state"] == "UNKNOWN" else document["state"],
        document["display_name"],
    )


def grant_document(grant: AccountGrant) -> Document:
    """Return a grant as the topic holds it."""
    request = grant.request
    return {
        "grant_id": grant.grant_id,
        "account": grant.account,
        "act": grant.act,
        "role": grant.role,
        **_place_document(grant.kept_within),
        "actor": request.actor,
        "actor_role": request.role,
        "at": request.at,
        "reason": request.reason,
    }


def grant_of(document: GrantDocument) -> AccountGrant:
    """Return a grant that the topic holds."""
    request = AccountRequest(document["actor"], document["actor_role"], document["at"], document["reason"])
    act = "GRANTED" if document["act"] == "UNKNOWN" else document["act"]
    return AccountGrant(
        document["grant_id"], document["account"], act, document["role"], _place(document), request
    )


def code_document(code: ApplicantCode) -> Document:
    """Return a code as the topic holds it."""
    return {
        "code_hash": code.code_hash,
        "case_id": code.case_id,
        "application_id": code.application_id,
        "made_at": code.made_at,
        "made_by": code.made_by,
        "revoked_at": code.revoked_at,
        "revoked_by": code.revoked_by,
    }


def code_of(document: ApplicantCodeDocument) -> ApplicantCode:
    """Return a code that the topic holds."""
    return ApplicantCode(**document)


def _place_document(place: WorkPlace) -> Document:
    return {limit: place.get(limit) for limit in _LIMITS}


def _place(document: AccountDocument | GrantDocument) -> WorkPlace:
    found = {"department": document["department"], "county": document["county"], "bank": document["bank"]}
    return {limit: name for limit in _LIMITS if (name := found[limit]) is not None}
