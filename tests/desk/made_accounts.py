"""An exchange's desk of accounts whose log is in memory."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exchange.desk.accounts import AccountDesk
from exchange.desk.asker import shell
from exchange.domain.accounts import Account, AccountGrant
from exchange.runtime.accounts.log import (
    AccountLog,
    account_document,
    account_of,
    grant_document,
    grant_of,
)
from exchange.runtime.city import City
from exchange.runtime.home import Home

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday morning in China."""
OPERATOR = shell("root")


class MemoryAccounts(AccountLog):
    """Keeps documents as the topics do, in the order in which they come."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.documents: dict[str, Any] = {}
        self.granted: list[Any] = []

    def read(self) -> Mapping[str, Account]:
        """What was kept."""
        return {name: account_of(document) for name, document in self.documents.items()}

    def grants(self) -> list[AccountGrant]:
        """What was done."""
        return [grant_of(document) for document in self.granted]

    def keep(self, account: Account, grant: AccountGrant) -> None:
        """Keep both."""
        self.told.append(f"{grant.act} {account.name}")
        self.granted.append(grant_document(grant))
        self.documents[account.name] = account_document(account)


class Office:
    """A desk of accounts, and all that it keeps."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.log = MemoryAccounts()
        self.desk = AccountDesk(self.home, City(), self.log)
