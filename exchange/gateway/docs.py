"""`GET /docs`: what /openapi.json says, as a page that needs no script and no other host."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from litestar import Request, Response, get
from litestar.enums import MediaType

from exchange.serving.asking import OPEN

_PAGE: Final = Path(__file__).with_name("docs.html.j2")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


@get("/docs", opt=OPEN, media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=True)
def read_docs(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the page."""
    schema = request.app.openapi_schema.to_schema()
    page = Environment(autoescape=True).from_string(_PAGE.read_text(encoding="utf-8"))
    html = page.render(schema=schema, operations=list(_operations(schema)))
    return Response(html, headers={"Content-Security-Policy": _POLICY}, media_type=MediaType.HTML)


def _operations(schema: dict[str, Any]) -> Any:
    """Yield path, method and operation, in the order of the tags."""
    found = [
        (path, method.upper(), operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "responses" in operation
    ]
    return sorted(found, key=lambda one: (one[2].get("tags", [""])[0], one[0], one[1]))
