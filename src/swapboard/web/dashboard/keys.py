"""The company's API keys: made with a role, scopes and an end; shown once; revoked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import MayNot, Wish, end_key, key_by_id, list_keys, make_key
from swapboard.accounts.people import members_of
from swapboard.accounts.scopes import READ, Area, read_scopes
from swapboard.clock import DAY
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.role_words import AREA, KEY_ROLE_HELP
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

KEYS = "/keys"
AT_ONCE = 200
SPANS_DAYS = (30, 90, 365)
ALL, ONLY_READ, CHOSEN = "all", "read", "chosen"


@dataclass(frozen=True, slots=True)
class KeysView:
    """Everything the page shows."""

    open: Sequence[ApiKey]
    over: Sequence[ApiKey]
    next_cursor: str | None
    here: frozenset[str]
    """The e-mail addresses of who belongs to the company."""
    may_give: Sequence[Role]
    made: ApiKey | None = None
    secret: str = ""
    fault: str = ""

    def is_orphan(self, key: ApiKey) -> bool:
        """Whether whoever made it has left the company."""
        return "@" in key.made_by and key.made_by not in self.here


def key_routes() -> list[Route]:
    """Every address of keys."""
    return [
        Route(KEYS, signed_in(keys_page), methods=["GET"]),
        Route(KEYS, signed_in(make), methods=["POST"]),
        Route(f"{KEYS}/{{key_id}}/revoke", signed_in(revoke), methods=["POST"]),
    ]


async def keys_page(request: Request, desk: Desk) -> Response:
    """The keys, and a form for another one."""
    return await _show(request, desk)


async def make(request: Request, desk: Desk) -> Response:
    """A new key, shown this once."""
    form = await read_form(request)
    try:
        wish = _wish(form, desk)
        key, secret = await exchange_of(request).configure(
            desk.company_id,
            lambda connection: make_key(connection, desk.company_id, wish, desk.actor, desk.now),
        )
    except MayNot as error:
        raise Refused(403, _(str(error))) from None
    except ValueError as error:
        return await _show(request, desk, fault=_(str(error)), form=form)
    return await _show(request, desk, made=key, secret=secret)


async def revoke(request: Request, desk: Desk) -> Response:
    """It is refused from now on."""

    def write(connection: Connection) -> str:
        found = key_by_id(connection, desk.company_id, request.path_params["key_id"])
        if found is None:
            raise HTTPException(404)
        try:
            end_key(connection, found[0], desk.actor, desk.now)
        except MayNot as error:
            raise Refused(403, _(str(error))) from None
        return found[0].name

    name = await exchange_of(request).configure(desk.company_id, write)
    return done(request, KEYS, _("The key “%s” is refused from now on.") % name)


def _wish(form: Form, desk: Desk) -> Wish:
    """Raises ValueError, which says what is wrong."""
    name, role, days = form.one("name")[:200], form.one("role"), form.one("days")
    if not name:
        raise ValueError(_("Say what the key is for."))
    if role not in set(Role):
        raise ValueError(_("Choose a role of the list."))
    if days and days not in {str(each) for each in SPANS_DAYS}:
        raise ValueError(_("Choose an end of the list."))
    ends_at = desk.now + int(days) * DAY if days else None
    return Wish(name, Role(role), _scopes(form), ends_at)


def _scopes(form: Form) -> tuple[str, ...]:
    reach = form.one("reach")
    if reach == ALL:
        return ()
    if reach == ONLY_READ:
        return (READ,)
    chosen = [form.one(f"area-{area}") for area in Area]
    found = read_scopes(f"{deed}:{area}" for deed, area in zip(chosen, Area, strict=True) if deed)
    if reach != CHOSEN or not found:
        raise ValueError(_("Choose at least one area that the key may read."))
    return found


async def _show(
    request: Request,
    desk: Desk,
    made: ApiKey | None = None,
    secret: str = "",
    fault: str = "",
    form: Form | None = None,
) -> Response:
    may_give = [role for role in Role if role is not Role.OWNER or desk.user.role is Role.OWNER]
    cursor = request.query_params.get("cursor")

    def read(connection: Connection) -> KeysView:
        found = list_keys(connection, desk.company_id, AT_ONCE, cursor)
        here = frozenset(user.email for user in members_of(connection, desk.company_id))
        is_open = [key for key in found.rows if key.is_open(desk.now)]
        is_over = [key for key in found.rows if not key.is_open(desk.now)]
        return KeysView(is_open, is_over, found.next_cursor, here, may_give, made, secret, fault)

    view = await exchange_of(request).read(read)
    words = {"AREA": AREA, "KEY_ROLE_HELP": KEY_ROLE_HELP, "SPANS": SPANS_DAYS}
    return page("keys.html", 422 if fault else 200, None, desk=desk, view=view, form=form, **words)
