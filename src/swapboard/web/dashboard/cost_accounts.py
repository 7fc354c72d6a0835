"""Accounts at ad platforms that are asked once a day what their ads cost."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.keywords.store import GOOGLE_ADS, remove_account
from swapboard.switchboard.cost_accounts import BadAccount, CostAccount, keep_cost_account
from swapboard.web.dashboard.costs import show_costs
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.translation import _

ACCOUNTS = "/costs/accounts"
_TYPED = ("customer_id", "login_customer_id", "account_id", "developer_token", "access_token")


def cost_account_routes() -> list[Route]:
    """Every address below /costs/accounts."""
    return [
        Route(ACCOUNTS, signed_in(add_account), methods=["POST"]),
        Route(f"{ACCOUNTS}/remove", signed_in(drop_account), methods=["POST"]),
    ]


async def add_account(request: Request, desk: Desk) -> Response:
    """Keep an account; it is asked within a minute or two, then once a day. What cannot be is shown again."""
    require_change(desk)
    form, exchange = await read_form(request), exchange_of(request)
    typed = {name: form.one(name) for name in _TYPED}
    account = CostAccount(form.one("platform") or GOOGLE_ADS, form.one("grant"), typed)
    try:
        await exchange.change(
            lambda connection: keep_cost_account(connection, desk.company_id, account, exchange.vault, desk.now)
        )
    except BadAccount as error:
        problem = _(str(error))
        if typed["developer_token"] or typed["access_token"]:
            problem = f"{problem} {_('Type the secrets once more: they are not shown again.')}"
        return await show_costs(request, desk, problem, form)
    return RedirectResponse("/costs#accounts", 303)


async def drop_account(request: Request, desk: Desk) -> Response:
    """Forget an account and its secrets; what it told stays."""
    require_change(desk)
    form = await read_form(request)
    platform, _colon, account_id = form.one("account").partition(":")
    await exchange_of(request).change(
        lambda connection: remove_account(connection, desk.company_id, account_id, platform)
    )
    return RedirectResponse("/costs#accounts", 303)
