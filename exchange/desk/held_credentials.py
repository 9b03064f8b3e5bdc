"""Which credentials there are; making and ending them takes all rights at the brokers, and is a command's."""

from typing import Final

from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.domain.credentials import Credential
from exchange.runtime.credentials.log import CredentialLog

MANAGE_CREDENTIALS: Final = "manage_credentials"


def credentials(desk: Desk, asker: Asker) -> tuple[Credential, ...]:
    """Return every credential there ever was, the oldest first.

    Raises:
        ExchangeError: the asker may not, or the brokers do not answer.
    """
    desk.require(asker, MANAGE_CREDENTIALS, asker.kept_within)
    return tuple(CredentialLog(desk.settings).read().values())
