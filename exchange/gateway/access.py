"""Who is asking, found out before anything else is; and whether it may."""

from typing import Final

from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from exchange.domain.credentials import Credential
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway
from exchange.gateway.sign_in import SignInError, basic_of
from exchange.serving.asking import Asking, Guard, address_of, challenged
from exchange.serving.problems import ProblemError

BASIC: Final = {"basic_too": True}
"""Of a handler that also takes id and secret themselves, as registry clients send them."""


class Authentication(AbstractAuthenticationMiddleware):
    """Finds the caller by its token, and counts the request against its limits."""

    async def authenticate_request(self, connection: Asking) -> AuthenticationResult:
        """Return who is asking.

        Raises:
            ProblemError: nobody whom the exchange knows, or somebody who asks too often.
        """
        gateway: Gateway = connection.app.state.gateway
        authorization = connection.headers.get("authorization", "")
        kind, _, token = authorization.partition(" ")
        if kind.lower() == "bearer":
            credential = _by_token(gateway, token)
        elif connection.route_handler.opt.get("basic_too") and (shown := basic_of(authorization)):
            credential = await _by_secret(gateway, shown, address_of(connection))
        else:
            raise challenged("token_missing", "Bearer")
        caller = Caller(credential)
        gateway.limits.count(caller.principal)
        return AuthenticationResult(user=caller, auth=None)


def allowed(action: str) -> Guard:
    """Return a guard that lets through those who may do something, by access.yaml."""

    def guard(connection: Asking, _: BaseRouteHandler) -> None:
        gateway: Gateway = connection.app.state.gateway
        caller: Caller = connection.user
        if not caller.may(action, gateway.settings.city.access):
            raise ProblemError("not_allowed", 403)

    return guard


def _by_token(gateway: Gateway, token: str) -> Credential:
    client_id = gateway.tokens.read(token)
    found = None if client_id is None else gateway.find_credential(client_id)
    if found is None:
        raise challenged("token_wrong", 'Bearer error="invalid_token"')
    return found


async def _by_secret(gateway: Gateway, shown: tuple[str, str], address: str) -> Credential:
    try:
        return await gateway.sign_in.credential(*shown, address)
    except SignInError as refused:
        if refused.status == 429:
            raise ProblemError("too_many", 429, retry_s=1) from None
        raise challenged("token_wrong", "Basic") from None
