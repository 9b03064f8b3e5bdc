"""Structured logs: JSON lines on stderr, holding only fields known not to be personal data."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from functools import cached_property
from typing import Any, Final

# What a log line may hold. A field that is not named here is dropped and its name is noted, so that a
# careless call shows and leaks nothing.
ALLOWED_FIELDS: Final = frozenset(
    {
        "event", "level", "module", "timestamp", "action", "address", "attempts", "batch", "case_id", "code",
        "count", "department", "end", "error", "expected", "found", "kind", "left", "matter", "name",
        "offset", "offsets", "part", "partition", "partitions", "path", "pid", "receipt_id", "records",
        "records_per_second", "seconds", "seconds_left", "status", "topic", "version", "webhook_id",
    }
)  # fmt: skip


class _Library:
    """structlog, imported at the first line: most commands write none, and would wait for the import."""

    level: int | None = None

    @cached_property
    def configured(self) -> Any:
        import structlog  # noqa: PLC0415 - as said above

        if self.level is not None:
            structlog.configure(
                processors=[
                    structlog.stdlib.add_log_level,
                    only_allowed_fields,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                wrapper_class=structlog.make_filtering_bound_logger(self.level),
                logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
                cache_logger_on_first_use=True,
            )
        return structlog


_LIBRARY: Final = _Library()


class Logger:
    """The logger of one part of the program, with structlog's methods."""

    def __init__(self, module: str) -> None:
        self._module = module

    @cached_property
    def _lines(self) -> Any:
        return _LIBRARY.configured.get_logger(module=self._module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lines, name)


def configure_logs(level: int = logging.INFO) -> None:
    """Send structured logs to stderr as JSON, one line each, with only the allowed fields.

    Call it before the first line is written.
    """
    _LIBRARY.level = level


def logger(name: str) -> Logger:
    """Return the logger of one part of the program."""
    return Logger(name)


def only_allowed_fields(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop every field that is not on the list, and say which were dropped."""
    dropped = sorted(event.keys() - ALLOWED_FIELDS)
    kept = {name: value for name, value in event.items() if name in ALLOWED_FIELDS}
    return kept | {"dropped_fields": dropped} if dropped else kept
