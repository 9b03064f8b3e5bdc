"""How our own parts are asked to end."""

import signal


class Stop:
    """Set by SIGTERM and SIGINT; a plain flag, since a handler may interrupt anything."""

    asked = False

    def listen(self) -> None:
        """Take the signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True
