"""Codes for applicants, printed on the 收件凭证: made for an application, and taken back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from exchange.desk.asker import Asker
from exchange.domain.applicant_codes import ApplicantCode, shown_code
from exchange.runtime.accounts.log import CodeLog
from exchange.runtime.accounts.secrets import AccountSecrets, new_code
from exchange.runtime.city import City
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings

APPLY = "apply"
"""Whoever takes applications gives their receipts out."""


class CodeDesk:
    """Makes codes, and takes them back.

    Args:
        home: has the key by which codes are hashed.
        city: says who may.
        log: keeps them.

    Raises:
        NotAllowedError: who asks may not; so does each method.
        ExchangeError: the brokers do not answer; so does each method.
    """

    def __init__(self, home: Home, city: City, log: CodeLog) -> None:
        self._city = city
        self._log = log
        self._secrets = AccountSecrets(home)

    def create(self, application_id: str, case_id: str, asker: Asker, at: datetime) -> str:
        """Make a code for an application, beside any that it has; nobody can ever be told it again.

        Args:
            application_id: record id of the application.
            case_id: the one case that the code shows.
            asker: who takes the application, and is shown the case.
            at: now, UTC.
        """
        asker.require(APPLY, asker.kept_within, self._city.access)
        code = new_code()
        kept = ApplicantCode(self._secrets.code_hash(code), case_id, application_id, at, asker.name)
        self._log.keep(kept)
        return shown_code(code)

    def revoke(self, versions: Collection[str], asker: Asker, at: datetime) -> int:
        """Take back all codes of an application; return how many worked until now.

        Args:
            versions: record ids of the application, and of those in whose place it stands.
            asker: as of `create`.
            at: now, UTC.
        """
        asker.require(APPLY, asker.kept_within, self._city.access)
        working = [one for one in self._log.read() if one.works and one.application_id in versions]
        for one in working:
            self._log.keep(replace(one, revoked_at=at, revoked_by=asker.name))
        return len(working)


def open_codes(settings: Settings) -> CodeDesk:
    """Return the desk of codes of an exchange; the settings are those of the principal `desk`."""
    return CodeDesk(Home(settings.home), settings.city, CodeLog(settings))
