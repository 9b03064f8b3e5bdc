"""The OpenAPI document says what a client has to send, and under which names it finds it."""

from typing import Any, cast

from exchange.gateway.app import make_app
from exchange.gateway.gateway import Gateway

OPENAPI: dict[str, Any] = make_app(cast("Gateway", None)).openapi_schema.to_schema()
TAKEN = {
    ("/oauth/token", "post"): "application/x-www-form-urlencoded",
    ("/v1/records/{record_type}", "post"): "application/json",
    ("/v1/batches", "post"): "application/x-ndjson",
    ("/v1/batches/{batch_id}", "put"): "application/x-ndjson",
}


def operation(path: str, method: str) -> dict[str, Any]:
    """What the document says of a path and a method."""
    found: dict[str, Any] = OPENAPI["paths"][path][method]
    return found


def test_whatever_takes_a_body_says_which() -> None:
    """A client that is generated from the document can send a record."""
    for (path, method), media_type in TAKEN.items():
        body = operation(path, method)["requestBody"]
        assert body["required"]
        assert list(body["content"]) == [media_type]
        assert body["content"][media_type]["schema"]


def test_an_operation_has_its_handlers_name_and_says_what_it_does() -> None:
    """Whoever reads a generated client knows what to call."""
    publish = operation("/v1/records/{record_type}", "post")
    assert publish["operationId"] == "publish_record"
    assert "same" in publish["description"]
    assert all(one["description"] for path in OPENAPI["paths"].values() for one in path.values())


def test_streams_lines_and_schemas_are_told_by_their_own_media_types() -> None:
    """A generated client does not take events for one JSON value."""
    answers = {
        path: OPENAPI["paths"][path]["get"]["responses"]["200"]["content"]
        for path in (
            *("/v1/announcements", "/v1/receipts/stream", "/v1/batches/{batch_id}/receipts"),
            *("/v1/schemas/schemas/ids/{schema_id}", "/v1/receipts"),
        )
    }
    assert [list(content) for content in answers.values()] == [
        ["application/json", "text/event-stream"],
        ["text/event-stream"],
        ["application/x-ndjson"],
        ["application/vnd.schemaregistry.v1+json"],
        ["application/json"],
    ]
    assert all(one["schema"] for content in answers.values() for one in content.values())


def test_the_document_says_where_no_token_is_needed_and_where_a_secret_does_too() -> None:
    """As the gateway lets in."""
    token = [{"client": []}]
    found = {path: item.get("get", {}).get("security", token) for path, item in OPENAPI["paths"].items()}
    assert {path for path, needed in found.items() if needed == [{}]} == {"/healthz"}
    assert operation("/oauth/token", "post")["security"] == [{}]
    basic = {path for path, needed in found.items() if {"basic": []} in needed}
    assert basic == {path for path in OPENAPI["paths"] if path.startswith("/v1/schemas/")}


def test_who_asks_for_a_token_is_answered_as_oauth_says() -> None:
    """A library for OAuth finds the token, or why there is none."""
    answers = operation("/oauth/token", "post")["responses"]
    shown = {
        status: answers[status]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for status in ("200", "400", "401", "429")
    }
    assert shown == {"200": "TokenShown"} | dict.fromkeys(("400", "401", "429"), "TokenRefusedShown")
