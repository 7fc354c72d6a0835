"""Access to platforms: an app's client ID, and the signing in that gives us leave to use an account."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from authlib.common.security import generate_token
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant, Pending
from swapboard.access.provider import PROVIDERS, Provider, Use
from swapboard.access.signing import NotGiven, door
from swapboard.access.store import MOST_GRANTS, add_grant, change_grant, grant_by_id, grant_to_change, grants_of
from swapboard.conversions.destinations.request import Unreached
from swapboard.conversions.store import DestinationRecord, destinations_with_grant
from swapboard.storage.ids import new_id
from swapboard.switchboard.granting import BadGrant, Typed, filled, uses_of
from swapboard.switchboard.platform_sign_in import (
    forget,
    keep_signed_in,
    redeem,
    redirect_of,
    take_back,
)
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, own_path, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.translation import Words, _

ACCESS = "/access"
PENDING = "signing_in"
ADDRESSES: Mapping[str, str] = Words(
    {
        "authorize": _("Address to agree at"),
        "token": _("Address for tokens"),
        "revoke": _("Address to take access back"),
    }
)
_PENDING = TypeAdapter(Pending)


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant, or one that is to be made."""

    grant: Grant
    is_new: bool
    redirect: str
    uses: Sequence[Use]
    back: str = ""
    used_by: Sequence[DestinationRecord] = ()
    form: Form | None = None
    fault: str = ""
    is_signed_in: bool = False
    """Just now."""


def access_routes() -> list[Route]:
    """Every address below /access."""
    return [
        Route(ACCESS, signed_in(access_page), methods=["GET"]),
        Route(ACCESS, signed_in(make_grant), methods=["POST"]),
        Route(f"{ACCESS}/new", signed_in(new_grant_page)),
        Route(f"{ACCESS}/callback/{{provider}}", signed_in(come_back)),
        Route(f"{ACCESS}/{{grant_id}}", signed_in(grant_page), methods=["GET"]),
        Route(f"{ACCESS}/{{grant_id}}", signed_in(save_grant), methods=["POST"]),
        Route(f"{ACCESS}/{{grant_id}}/sign-in", signed_in(go_and_sign_in)),
        Route(f"{ACCESS}/{{grant_id}}/remove", signed_in(drop_grant), methods=["POST"]),
    ]


async def access_page(request: Request, desk: Desk) -> Response:
    """What we have leave for, and where one can sign in."""
    grants = await exchange_of(request).read(lambda connection: grants_of(connection, desk.company_id))
    return page("access.html", desk=desk, grants=grants, providers=PROVIDERS)


async def new_grant_page(request: Request, desk: Desk) -> Response:
    """The form of one that is to be made."""
    require_change(desk)
    asked = request.query_params
    return _page(request, desk, _blank(desk, asked.get("provider", ""), asked.get("use", "")), is_new=True)


async def make_grant(request: Request, desk: Desk) -> Response:
    """Keep the app's client ID and secret; then its person signs in."""
    require_change(desk)
    form = await read_form(request)
    blank = _blank(desk, form.one("provider"))
    try:
        grant = _filled(request, blank, form)
    except BadGrant as fault:
        return _page(request, desk, blank, is_new=True, form=form, fault=str(fault))

    def write(connection: Connection) -> None:
        if len(grants_of(connection, desk.company_id)) >= MOST_GRANTS:
            raise Refused(409, _("There are as many as there can be. Remove one first."))
        add_grant(connection, grant)

    await exchange_of(request).change(write)
    return _to_door(request, desk, grant, form.one("back"))


async def grant_page(request: Request, desk: Desk) -> Response:
    """One grant: how it stands, and what uses it."""
    return await _show(request, desk, await _found(request, desk))


async def save_grant(request: Request, desk: Desk) -> Response:
    """Change it as the form says."""
    require_change(desk)
    form, before = await read_form(request), await _found(request, desk)

    def write(connection: Connection) -> None:
        known = grant_to_change(connection, desk.company_id, before.grant_id)
        if known is None:
            raise HTTPException(404)
        change_grant(connection, _filled(request, known, form))

    try:
        await exchange_of(request).change(write)
    except BadGrant as fault:
        return await _show(request, desk, before, form, str(fault))
    return RedirectResponse(f"{ACCESS}/{before.grant_id}", 303)


async def go_and_sign_in(request: Request, desk: Desk) -> Response:
    """Send the browser to the platform."""
    require_change(desk)
    grant = await _found(request, desk)
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        # Another site's link may lead here, but not on to the platform.
        return RedirectResponse(f"{ACCESS}/{grant.grant_id}", 303)
    pending = _begun(request, desk, grant, request.query_params.get("back", ""))
    return RedirectResponse(door(grant, pending, _redirect(request, grant.provider)), 303)


async def come_back(request: Request, desk: Desk) -> Response:
    """The platform sent the browser back, with a code or with the reason why there is none."""
    require_change(desk)
    exchange, asked = exchange_of(request), request.query_params
    pending = _taken(request, desk)
    if pending is None or not secrets.compare_digest(pending.state.encode(), asked.get("state", "").encode()):
        raise Refused(
            400, _("This sign-in was not begun here, or it took more than ten minutes. Begin it once more.")
        )
    grant = await _grant(request, desk, pending.grant_id)
    if grant.provider != request.path_params["provider"]:
        raise Refused(400, _("This answer came from another platform than the one that was asked."))
    if not asked.get("code"):
        return await _show(request, desk, grant, fault=_refusal(grant, asked))
    try:
        tokens = await run_sync(
            redeem,
            grant,
            pending,
            asked["code"],
            exchange.vault,
            exchange.settings.public_url,
            exchange.send,
        )
    except (NotGiven, Unreached) as error:
        return await _show(request, desk, grant, fault=retold(error))
    await exchange.change(
        lambda connection: keep_signed_in(connection, grant, tokens, exchange.vault, desk.user.email, desk.now)
    )
    # At once to a page of ours, so that the code does not stay in the address.
    return RedirectResponse(_way_back(grant, pending.back), 303)


async def drop_grant(request: Request, desk: Desk) -> Response:
    """Take the access back at the platform, and forget it here."""
    require_change(desk)
    grant, exchange = await _found(request, desk), exchange_of(request)
    left_to_do = await run_sync(take_back, grant, exchange.vault, exchange.send)
    await exchange.change(lambda connection: forget(connection, grant, exchange.vault, desk.user.email, desk.now))
    if left_to_do is None:
        return RedirectResponse(ACCESS, 303)
    grants = await exchange.read(lambda connection: grants_of(connection, desk.company_id))
    return page("access.html", desk=desk, grants=grants, providers=PROVIDERS, left_to_do=left_to_do)


def _filled(request: Request, grant: Grant, form: Form) -> Grant:
    """The grant as the form says. Raises BadGrant."""
    addresses = {each: form.one(each) for each in ADDRESSES if form.one(each)}
    typed = Typed(
        form.one("name"), form.one("client_id"), form.one("client_secret"), set(form.every("use")), addresses
    )
    return filled(grant, typed, exchange_of(request).vault)


async def _show(request: Request, desk: Desk, grant: Grant, form: Form | None = None, fault: str = "") -> Response:
    used = await exchange_of(request).read(
        lambda connection: destinations_with_grant(connection, desk.company_id, grant.grant_id)
    )
    return _page(request, desk, grant, form=form, fault=fault, used_by=used)


def _page(
    request: Request,
    desk: Desk,
    grant: Grant,
    *,
    is_new: bool = False,
    form: Form | None = None,
    fault: str = "",
    used_by: Sequence[DestinationRecord] = (),
) -> Response:
    back = form.one("back") if form else request.query_params.get("back", "")
    view = GrantView(
        grant,
        is_new,
        _redirect(request, grant.provider),
        uses_of(grant.provider),
        own_path(back) if back else "",
        used_by,
        form,
        fault,
        request.query_params.get("signed_in") == "yes",
    )
    return page("grant.html", 422 if fault else 200, desk=desk, view=view, ADDRESSES=ADDRESSES)


def _begun(request: Request, desk: Desk, grant: Grant, back: str) -> Pending:
    """A sign-in that only this browser can end: it is kept in its cookie, sealed."""
    pending = Pending(
        grant.grant_id, generate_token(43), generate_token(64), desk.now, own_path(back) if back else ""
    )
    facts = {name: str(value) for name, value in asdict(pending).items()}
    request.session[PENDING] = exchange_of(request).vault.seal(facts)
    return pending


def _taken(request: Request, desk: Desk) -> Pending | None:
    """The sign-in that this browser began; it can be ended once."""
    sealed = request.session.pop(PENDING, "")
    try:
        pending = _PENDING.validate_python(exchange_of(request).vault.unseal(sealed))
    except (ValidationError, ValueError):
        return None
    return None if pending.is_over(desk.now) else pending


def _to_door(request: Request, desk: Desk, grant: Grant, back: str) -> Response:
    """To the grant's page, whose button leads on: browsers let no form of ours end at another site (CSP)."""
    query = f"?{urlencode({'back': own_path(back)})}" if back else ""
    return RedirectResponse(f"{ACCESS}/{grant.grant_id}{query}", 303)


def _way_back(grant: Grant, back: str) -> str:
    if not back:
        return f"{ACCESS}/{grant.grant_id}?signed_in=yes"
    return f"{back}{'&' if '?' in back else '?'}grant={grant.grant_id}"


def _refusal(grant: Grant, asked: Mapping[str, str]) -> str:
    if asked.get("error") == "access_denied":
        return _("You did not agree at %s, so nothing was changed.") % grant.at.name
    words = asked.get("error_description") or asked.get("error") or _("no reason was given")
    return f"{grant.at.name}: {words[:300]}"


def _redirect(request: Request, provider: str) -> str:
    return redirect_of(exchange_of(request).settings.public_url, provider)


def _provider(name: str) -> Provider:
    if name not in PROVIDERS:
        raise HTTPException(404)
    return PROVIDERS[name]


def _blank(desk: Desk, provider: str, wanted: str = "") -> Grant:
    name = _provider(provider).name
    uses = uses_of(provider)
    chosen = [use for use in uses if use.name == wanted] or uses[:1]
    scopes = tuple(scope for use in chosen for scope in use.scopes)
    return Grant(new_id(desk.now), desk.company_id, provider, name, "", "", scopes, {}, desk.now)


async def _found(request: Request, desk: Desk) -> Grant:
    return await _grant(request, desk, request.path_params["grant_id"])


async def _grant(request: Request, desk: Desk, grant_id: str) -> Grant:
    grant = await exchange_of(request).read(lambda connection: grant_by_id(connection, desk.company_id, grant_id))
    if grant is None:
        raise HTTPException(404)
    return grant
