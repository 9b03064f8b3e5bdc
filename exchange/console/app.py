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

from exchange.console.access import API, SameOrigin, SessionAuthentication
from exchange.console.api.cases import read_case, unmask_case
from exchange.console.api.claims import assign, claim, release
from exchange.console.api.codes import make_code, revoke_codes
from exchange.console.api.events import follow_queue
from exchange.console.api.forms import acknowledge_announcement, draw_for_person, draw_form, send_form
from exchange.console.api.guide import read_guide, read_matter_guide
from exchange.console.api.looks import read_family_looks, read_looks
from exchange.console.api.materials import list_case_materials, read_material, upload_material
from exchange.console.api.papers import print_form, print_notice, read_notice
from exchange.console.api.past import read_history, read_past, unmask_history, unmask_past
from exchange.console.api.progress import ask_progress
from exchange.console.api.queue import count_queue, read_queue
from exchange.console.api.search import search_cases
from exchange.console.api.session import read_session, sign_in, sign_out
from exchange.console.api.statistics import ask_statistics
from exchange.console.api.tasks import list_case_tasks, list_tasks
from exchange.console.console import DeskConsole
from exchange.console.headers import with_headers
from exchange.console.pages.application.taking import print_receipt, show_application, take
from exchange.console.pages.cases import (
    come_back,
    give_form,
    show_case,
    show_looks,
    show_unmasked,
)
from exchange.console.pages.city.guide import print_guide, print_guides, show_guide, show_guides
from exchange.console.pages.city.statistics import show_statistics
from exchange.console.pages.family.hotline import answer_caller, ask_whom_they_mean, find_callers_case
from exchange.console.pages.family.progress import show_family, show_own_family
from exchange.console.pages.find import ask_what_to_find, find
from exchange.console.pages.handovers.counter import (
    show_handover,
    show_signature,
    show_waiting,
    take_handover,
)
from exchange.console.pages.operations.accounts import change_account, open_account, show_accounts
from exchange.console.pages.operations.credentials import show_credentials
from exchange.console.pages.operations.parts import show_parts
from exchange.console.pages.operations.quarantine import show_quarantine, take_discard
from exchange.console.pages.queue import change_hands, show_queue, stream_queue
from exchange.console.pages.recalls.inbox import show_recalls, sign_for
from exchange.console.pages.rulings.deciding import show_ruling, take_ruling
from exchange.console.pages.sending import show_form, take_acknowledgement, take_form
from exchange.console.pages.serving import DEPENDENCIES, PAGE_HANDLERS
from exchange.console.pages.sign_in import ask_to_sign_in, go, take_code, take_sign_in
from exchange.console.pages.start import begin, find_nothing, give_file, prefer
from exchange.console.pages.supplement.handlers import choose_type, show_blank, take_record
from exchange.console.pages.workbench.bench import show_workbench
from exchange.console.refusals import HANDLERS as OF_THE_DESK
from exchange.desk.asker import Asker
from exchange.desk.sessions import DeskSession
from exchange.serving.asking import OPEN
from exchange.serving.openapi import NO_TOKEN, operation_name
from exchange.serving.problems import HANDLERS
from topics.labels import Labels

LABELS: Final = Labels(__file__)
API_HANDLERS: Final = (
    *(sign_in, read_session, sign_out),
    *(read_queue, count_queue, follow_queue, search_cases, read_case, unmask_case),
    *(draw_form, draw_for_person, send_form, acknowledge_announcement, claim, release, assign),
    *(upload_material, list_case_materials, read_material, read_notice, print_notice, print_form),
    *(read_looks, read_family_looks, list_tasks, list_case_tasks, ask_progress, ask_statistics),
    *(read_past, unmask_past, read_history, unmask_history),
    *(make_code, revoke_codes, read_guide, read_matter_guide),
)
PAGES: Final = Router(
    "/",
    route_handlers=[
        *(begin, prefer, give_file, find_nothing),
        *(ask_to_sign_in, take_sign_in, take_code, go),
        *(show_queue, stream_queue, change_hands, ask_what_to_find, find),
        *(show_case, show_unmasked, come_back, give_form, show_looks),
        *(show_form, take_form, take_acknowledgement),
        *(show_own_family, show_family, ask_whom_they_mean, find_callers_case, answer_caller),
        *(show_guides, show_guide, print_guides, print_guide, show_statistics),
        *(choose_type, show_blank, take_record),
        *(show_parts, show_quarantine, take_discard),
        *(show_accounts, open_account, change_account, show_credentials),
        *(show_application, take, print_receipt, show_ruling, take_ruling),
        *(show_workbench, show_recalls, sign_for),
        *(show_waiting, show_handover, take_handover, show_signature),
    ],
    dependencies=DEPENDENCIES,
    exception_handlers=dict(PAGE_HANDLERS),
)
"""Who adds a screen adds its handlers here."""
_ROOMS: Final[tuple[ControllerRouterHandler, ...]] = (*API_HANDLERS, PAGES)
_BODY_BYTES: Final = 256 << 10


@get("/healthz", opt=OPEN, security=NO_TOKEN, tags=["Health"])
async def healthz() -> dict[str, str]:
    """Say that the console answers."""
    return {"status": "ok"}


def make_app(console: DeskConsole) -> ASGIApp:
    """Return the application on an opened console."""
    return with_headers(make_litestar(console))


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
