"""Who asks: whom a credential speaks for, and what that may do here."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.desk.asker import Asker
from exchange.domain.access.may import WorkPlace, may
from exchange.domain.credentials import Credential, Holder
from exchange.domain.disclosure import Recipient
from exchange.domain.policy import Policy
from exchange.domain.policy_files.access import AUDITORS, AccessTable, KeptWithin

_DEPARTMENT, _BANK, _COUNTY, _AUDITOR = "department_system", "bank_system", "county_system", "auditor"


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a credential, as this request has shown it."""

    credential: Credential

    @property
    def client_id(self) -> str:
        """Return the name of the credential."""
        return self.credential.credential_id

    @property
    def holder(self) -> Holder:
        """Return whom it speaks for."""
        return self.credential.holder

    @property
    def department(self) -> str:
        """Return the department that it speaks for, or as which its bank or county acts."""
        return self.holder.department

    @property
    def principal(self) -> str:
        """Return whose limits count and whose submissions it may ask for."""
        return self.holder.principal

    @property
    def role(self) -> str:
        """Return its role, as the access table calls it."""
        if self.department == AUDITORS:
            return _AUDITOR
        if self.holder.bank is not None:
            return _BANK
        return _COUNTY if self.holder.county is not None else _DEPARTMENT

    @property
    def asker(self) -> Asker:
        """Return it as the desk knows those who ask."""
        return Asker(self.client_id, self.role, self._place, "api")

    @property
    def is_part(self) -> bool:
        """Say whether it is a bank or a county, which sees its own alone."""
        return self.role in {_BANK, _COUNTY}

    def may(self, action: str, table: AccessTable) -> bool:
        """Say whether it may do something with what is its own."""
        return may(table, self.role, action, self._place, self._place)

    def recipient(self, policy: Policy) -> Recipient:
        """Return as whom it is shown announcements."""
        county = self.holder.county
        name = None if county is None else policy.city.county_name(county)
        return Recipient(self.department, self.holder.bank, name)

    @property
    def _place(self) -> WorkPlace:
        found: Mapping[KeptWithin, str | None] = {
            "department": self.department,
            "bank": self.holder.bank,
            "county": self.holder.county,
        }
        return {name: value for name, value in found.items() if value is not None}
