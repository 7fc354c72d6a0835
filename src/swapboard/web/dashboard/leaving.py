"""How somebody becomes less in a company, or leaves it, and what of theirs goes on unless it is revoked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.belonging import Objected, turn
from swapboard.accounts.company import ApiKey, Role, User
from swapboard.accounts.keys import MayNot, end_key, keys_made_by
from swapboard.accounts.membership import Objection
from swapboard.accounts.people import user_by_id
from swapboard.reports.schedule_store import reach_no_more
from swapboard.reports.share import Share
from swapboard.reports.share_store import open_shares_by, revoke_share
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import Words, _

PEOPLE = "/people"
OBJECTIONS: Mapping[Objection, str] = Words(
    {
        Objection.OWNERS_ONLY: _("Only an owner may make, change or remove an owner."),
        Objection.LAST_OWNER: _("This is the last owner. Make somebody else an owner first."),
        Objection.NO_LONGER: _("You may not do this any more: somebody changed it a moment ago."),
    }
)


def leaving_routes() -> list[Route]:
    """Every address of leaving."""
    return [
        Route(f"{PEOPLE}/{{user_id}}/remove", signed_in(removal_page), methods=["GET"]),
        Route(f"{PEOPLE}/{{user_id}}/remove", signed_in(remove_member), methods=["POST"]),
        Route("/companies/leave", signed_in(leave), methods=["POST"]),
    ]


async def removal_page(request: Request, desk: Desk) -> Response:
    """What goes with somebody, and what of theirs goes on."""

    def read(connection: Connection) -> tuple[User, Sequence[ApiKey], Sequence[Share]]:
        user = user_by_id(connection, desk.company_id, request.path_params["user_id"])
        if user is None:
            raise HTTPException(404)
        keys = keys_made_by(connection, desk.company_id, user.email, desk.now)
        shares = open_shares_by(connection, desk.company_id, user.email, desk.now)
        return user, keys, shares

    user, keys, shares = await exchange_of(request).read(read)
    may_give = [role for role in Role if role is not Role.OWNER or desk.user.role is Role.OWNER]
    return page("person_remove.html", desk=desk, user=user, keys=keys, shares=shares, may_give=may_give)


async def remove_member(request: Request, desk: Desk) -> Response:
    """Remove somebody from the company, and revoke what was chosen of theirs."""
    form = await read_form(request)

    def write(connection: Connection) -> None:
        user = turn_member(connection, desk, request.path_params["user_id"], None)
        _revoke(connection, desk, user, form)

    await exchange_of(request).configure(desk.company_id, write)
    return RedirectResponse(PEOPLE, 303)


async def leave(request: Request, desk: Desk) -> Response:
    """Whoever asks leaves the company, unless they are its last owner."""
    await exchange_of(request).change(lambda connection: turn_member(connection, desk, desk.user.user_id, None))
    return RedirectResponse("/", 303)


def turn_member(connection: Connection, desk: Desk, user_id: str, role: Role | None) -> User:
    """Somebody becomes this, or leaves. Raises Refused, HTTPException (404)."""
    try:
        user = turn(connection, desk.company_id, user_id, role, desk.actor, desk.now)
    except Objected as error:
        status = 409 if error.against is Objection.LAST_OWNER else 403
        raise Refused(status, OBJECTIONS[error.against]) from None
    if user is None:
        raise HTTPException(404)
    if role is None:
        # Also of a saved report that was theirs alone, and that nobody else sees.
        reach_no_more(connection, desk.company_id, user.email)
    return user


def _revoke(connection: Connection, desk: Desk, user: User, form: Form) -> None:
    """Only what they made themselves, whatever the form names. Raises Refused."""
    chosen_keys, chosen_shares = form.every("key"), form.every("share")
    for key in keys_made_by(connection, desk.company_id, user.email, desk.now):
        if key.key_id in chosen_keys:
            try:
                end_key(connection, key, desk.actor, desk.now)
            except MayNot as error:
                raise Refused(403, _(str(error))) from None
    for share in open_shares_by(connection, desk.company_id, user.email, desk.now):
        if share.share_id in chosen_shares:
            revoke_share(connection, desk.company_id, share.view_id, share.share_id, desk.now)
            note(connection, desk.company_id, desk.user.email, Act.REVOKED_LINK, share.view_id, desk.now)
