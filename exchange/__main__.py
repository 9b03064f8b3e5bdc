"""Begin the `exchange` command, by its name or as a module: python -m exchange.

What the command is made of takes a while to load; Ctrl-C meanwhile ends it as quietly as later on.
"""

import gc
import sys

from exchange.command.terminal.exit_codes import INTERRUPTED


def main() -> None:
    """Run one command and exit with its code."""
    gc.disable()  # what is loaded stays: looking for garbage in it is a fifth of a short command's time
    try:
        from exchange.command.app import main as run  # noqa: PLC0415 - so that its loading is met, too

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
