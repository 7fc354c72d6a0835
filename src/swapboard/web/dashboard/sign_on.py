"""Logging in by the organisation's single sign-on: to the provider, and back with its word."""

import secrets

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.id_token import Expected, Identity, NotLetIn, UnknownKey, read_identity, readable
from swapboard.accounts.people import first_place
from swapboard.accounts.sign_on import admit, policy_of
from swapboard.accounts.sign_on_provider import Begun, Client, Provider
from swapboard.clock import MINUTE, Millis
from swapboard.settings import Settings
from swapboard.web.dashboard.guard import exchange_of, own_path
from swapboard.web.dashboard.login import enter, login_page, too_many_tries, tries_of
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.translation import _

SIGN_ON = "/login/sso"
LASTS: Millis = 10 * MINUTE
_KEPT = "sso"
_BEGUN = TypeAdapter(dict[str, str])


def sign_on_routes() -> list[Route]:
    """Every address of single sign-on."""
    return [
        Route(SIGN_ON, go_there, methods=["GET"]),
        Route(f"{SIGN_ON}/callback", come_back, methods=["GET"]),
    ]


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name, or None."""
    if not settings.oidc_issuer:
        return None
    redirect = f"{settings.public_url}{SIGN_ON}/callback"
    return Provider(Client(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, redirect))


async def go_there(request: Request) -> Response:
    """Send the browser to the provider."""
    exchange, wanted = exchange_of(request), own_path(request.query_params.get("next", "/"))
    if not tries_of(request).allows_from(request):
        return too_many_tries(request, wanted)
    begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    try:
        door = await _provider(request).door(begun, exchange.clock())
    except NotLetIn as refusal:
        return _refused(request, wanted, refusal)
    told = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    request.session[_KEPT] = exchange.vault.seal({**told, "wanted": wanted, "at": str(exchange.clock())})
    return RedirectResponse(door, 303)


async def come_back(request: Request) -> Response:
    """The provider sent the browser back: with a code, or with the reason why there is none."""
    exchange, asked = exchange_of(request), request.query_params
    begun, wanted = _taken(request)
    if begun is None or not secrets.compare_digest(begun.state.encode(), asked.get("state", "").encode()):
        late = NotLetIn(_("This log-in was not begun here, or it took more than ten minutes. Try once more."))
        return _refused(request, wanted, late)
    # A copy of the cookie brings the same answer again and again, and each asks the provider.
    if not tries_of(request).allows_from(request):
        return too_many_tries(request, wanted)
    try:
        identity = await _identity(request, begun)
        policy, now = policy_of(exchange.settings), exchange.clock()
        person = await exchange.change(lambda connection: admit(connection, policy, identity, now))
    except NotLetIn as refusal:
        return _refused(request, wanted, refusal)
    tries_of(request).forgive_from(request, 2)
    company_id = await exchange.read(lambda connection: first_place(connection, person.email))
    return await enter(request, person, company_id or "", wanted)


async def _identity(request: Request, begun: Begun) -> Identity:
    """Whom the provider names. Raises NotLetIn."""
    exchange, asked, provider = exchange_of(request), request.query_params, _provider(request)
    settings, now = exchange.settings, exchange.clock()
    if asked.get("iss", settings.oidc_issuer) != settings.oidc_issuer:
        raise NotLetIn(_("The answer came from another provider than the one that was asked."))
    if not asked.get("code"):
        raise NotLetIn(_words(asked.get("error_description") or asked.get("error") or ""))
    token = await provider.token(asked["code"], begun, now)
    ways = await provider.algorithms(now)
    expected = Expected(settings.oidc_issuer, settings.oidc_client_id, begun.nonce, ways)
    trusts = settings.oidc_trust_email
    try:
        return read_identity(token, await provider.keys(now), expected, now, trusts_email=trusts)
    except UnknownKey:
        # It may have made a new one since.
        keys = await provider.keys(now, fresh=True)
    try:
        return read_identity(token, keys, expected, now, trusts_email=trusts)
    except UnknownKey:
        raise NotLetIn(_("The answer's signature does not fit the provider's keys.")) from None


def _words(said: str) -> str:
    if said in {"", "access_denied"}:
        return _("You did not agree there.")
    return _("It says: %s") % readable(said)[:300]


def _provider(request: Request) -> Provider:
    """Raises HTTPException (404) where there is none."""
    provider: Provider | None = request.app.state.sign_on
    if provider is None:
        raise HTTPException(404)
    return provider


def _taken(request: Request) -> tuple[Begun | None, str]:
    """The log-in that this browser began, which can be ended once, and where it was to lead."""
    exchange = exchange_of(request)
    try:
        told = _BEGUN.validate_python(exchange.vault.unseal(request.session.pop(_KEPT, "")))
        begun = Begun(told["state"], told["nonce"], told["verifier"])
        is_young = 0 <= exchange.clock() - int(told["at"]) <= LASTS
    except (ValidationError, ValueError, KeyError):
        return None, "/"
    return (begun if is_young else None), own_path(told["wanted"])


def _refused(request: Request, wanted: str, refusal: NotLetIn) -> Response:
    name = exchange_of(request).settings.oidc_name or _("the single sign-on")
    error = _("You are not let in by %(name)s. %(why)s") % {"name": name, "why": retold(refusal)}
    return login_page(request, wanted, 403, error=error)
