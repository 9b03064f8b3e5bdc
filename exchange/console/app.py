"""The console as an ASGI application: its rooms, who may come in, and what it answers otherwise."""

from typing import Any, Final

from litestar import Litestar, Request, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, ControllerRouterHandler

from exchange.console.access import ByTurns, SameOrigin, SessionAuthentication
from exchange.console.console import DeskConsole
from exchange.console.headers import with_headers
from exchange.console.pages.serving import DEPENDENCIES, PAGE_HANDLERS
from exchange.console.patience import with_patience
from exchange.console.refusals import HANDLERS as OF_THE_DESK
from exchange.console.request_session import API
from exchange.console.rooms import handlers_under
from exchange.desk.asker import Asker
from exchange.desk.sessions import DeskSession
from exchange.serving.asking import OPEN
from exchange.serving.openapi import NO_TOKEN, operation_name
from exchange.serving.problems import HANDLERS
from topics.labels import Labels

LABELS: Final = Labels(__file__)
API_HANDLERS: Final = handlers_under("exchange.console.api")
PAGES: Final = Router(
    "/",
    route_handlers=[*handlers_under("exchange.console.pages")],
    dependencies=DEPENDENCIES,
    exception_handlers=dict(PAGE_HANDLERS),
)
_ROOMS: Final[tuple[ControllerRouterHandler, ...]] = (*API_HANDLERS, PAGES)
_BODY_BYTES: Final = 256 << 10


@get("/healthz", opt=OPEN, security=NO_TOKEN, tags=["Health"])
async def healthz() -> dict[str, str]:
    """Say that the console answers."""
    return {"status": "ok"}


def make_app(console: DeskConsole) -> ASGIApp:
    """Return the application on an opened console."""
    return with_headers(with_patience(make_litestar(console)))


def make_litestar(console: DeskConsole) -> Litestar:
    """Return it without the headers of every answer."""

    def provide_console() -> DeskConsole:
        return console

    return Litestar(
        [*_ROOMS, healthz],
        dependencies={
            "console": Provide(provide_console, sync_to_thread=False),
            "asker": Provide(_asker, sync_to_thread=False),
            "signed_in": Provide(_session, sync_to_thread=False),
        },
        exception_handlers={**HANDLERS, **OF_THE_DESK},
        middleware=[
            SameOrigin,
            DefineMiddleware(
                SessionAuthentication,
                exclude_from_auth_key="exclude_from_auth",
                exclude=[f"^{API}/openapi.json$"],
            ),
            ByTurns,
        ],
        openapi_config=_openapi(),
        logging_config=None,
        request_max_body_size=_BODY_BYTES,
        state=State({"console": console}),
    )


def _session(request: Request[DeskSession, str, Any]) -> DeskSession:
    return request.user


def _asker(request: Request[DeskSession, str, Any]) -> Asker:
    return request.user.asker


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title=LABELS["title"].both("en"),
        version="1",
        description=LABELS["about"].both("en", "\n\n"),
        path=API,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(security_schemes={"session": SecurityScheme(type="http", scheme="bearer")}),
        security=[{"session": []}],
        use_handler_docstrings=True,
        operation_id_creator=operation_name,
    )
