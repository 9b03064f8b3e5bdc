"""`POST /oauth/token`: a token for whoever has a credential."""

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request, Response, post
from litestar.status_codes import HTTP_200_OK

from exchange.gateway.gateway import GatewayHere
from exchange.gateway.openapi import TOKEN_ANSWERS, FormOperation
from exchange.gateway.sign_in import SignInError
from exchange.gateway.tokens import LASTS_S
from exchange.serving.asking import OPEN, address_of
from exchange.serving.bodies import whole_body
from exchange.serving.openapi import NO_TOKEN

_FORM_BYTES: Final = 16_384
_UNSTORED: Final = {"Cache-Control": "no-store"}


@post(
    "/oauth/token",
    status_code=HTTP_200_OK,
    opt=OPEN,
    security=NO_TOKEN,
    operation_class=FormOperation,
    responses=TOKEN_ANSWERS,
    tags=["Sign in"],
)
async def issue_token(request: Request[Any, Any, Any], gateway: GatewayHere) -> Response[dict[str, Any]]:
    """Give a token for a credential, which works for five minutes.

    The credential is sent as a form, or as user and password of `Authorization: Basic`.
    """
    form = dict(parse_qsl((await whole_body(request, _FORM_BYTES)).decode(errors="replace")))
    authorization = request.headers.get("authorization", "")
    try:
        token = await gateway.sign_in.token(form, authorization, address_of(request))
    except SignInError as refused:
        return Response(refused.body, status_code=refused.status, headers={**_UNSTORED, **refused.headers})
    body = {"access_token": token, "token_type": "Bearer", "expires_in": LASTS_S}
    return Response(body, headers=_UNSTORED)
