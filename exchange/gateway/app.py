"""The gateway as an ASGI application: its paths, who may use them, and what it answers otherwise."""

from typing import Final

from litestar import Litestar, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, OAuthFlow, OAuthFlows, Reference, SecurityScheme

from exchange.gateway.access import Authentication
from exchange.gateway.announcements import follow
from exchange.gateway.batch_endpoints import batch_receipts, find_batch, publish_batch, publish_batch_as
from exchange.gateway.catalogue import read_catalogue
from exchange.gateway.docs import read_docs
from exchange.gateway.gateway import Gateway
from exchange.gateway.receipts import find_receipts, list_receipts, stream_receipts
from exchange.gateway.records import publish_record
from exchange.gateway.schemas import find_schema, find_version, list_subjects, list_versions
from exchange.gateway.token_endpoint import issue_token
from exchange.serving.asking import OPEN
from exchange.serving.openapi import NO_TOKEN, operation_name
from exchange.serving.problems import HANDLERS
from topics.labels import Labels

LABELS: Final = Labels(__file__)
_HANDLERS: Final = (
    *(issue_token, publish_record, publish_batch, publish_batch_as, find_batch, batch_receipts),
    *(find_receipts, list_receipts, stream_receipts, follow),
    *(list_subjects, list_versions, find_version, find_schema, read_catalogue, read_docs),
)


@get("/healthz", opt=OPEN, security=NO_TOKEN, tags=["Health"])
async def healthz() -> dict[str, str]:
    """Say that the gateway answers."""
    return {"status": "ok"}


def make_app(gateway: Gateway) -> Litestar:
    """Return the application on an opened gateway."""

    def provide_gateway() -> Gateway:
        return gateway

    return Litestar(
        [*_HANDLERS, healthz],
        dependencies={"gateway": Provide(provide_gateway, sync_to_thread=False)},
        exception_handlers=dict(HANDLERS),
        middleware=[
            DefineMiddleware(
                Authentication, exclude_from_auth_key="exclude_from_auth", exclude=["^/openapi.json$"]
            )
        ],
        openapi_config=_openapi(),
        logging_config=None,
        request_max_body_size=None,  # bodies are read piece by piece, with limits of their own
        state=State({"gateway": gateway}),
    )


def _openapi() -> OpenAPIConfig:
    flow = OAuthFlow(token_url="/oauth/token", scopes={})  # noqa: S106 - a path
    schemes: dict[str, SecurityScheme | Reference] = {
        "client": SecurityScheme(type="oauth2", flows=OAuthFlows(client_credentials=flow)),
        "basic": SecurityScheme(type="http", scheme="basic"),
    }
    return OpenAPIConfig(
        title=LABELS["title"].both("en"),
        version="1",
        description=LABELS["about"].both("en", "\n\n"),
        path="/",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(security_schemes=schemes),
        security=[{"client": []}],
        use_handler_docstrings=True,
        operation_id_creator=operation_name,
    )
