"""Who asks by a command."""

from exchange.command.terminal.options import actor_of
from exchange.desk.asker import Asker, shell
from exchange.runtime.settings import Settings


def asker_of(actor: str, _settings: Settings) -> Asker:
    """Return who asks: the shell of whoever may read the home.

    Args:
        actor: who is there, as ``--actor`` says; else the system's user.
    """
    return shell(actor_of(actor))
