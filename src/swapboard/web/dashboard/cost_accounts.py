"""Accounts at ad platforms that are asked once a day what their ads cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.keywords.store import GOOGLE_ADS, PLATFORMS, KeptAccount, accounts_of, remove_account
from swapboard.switchboard.cost_accounts import BadAccount, CostAccount, keep_cost_account
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in

ACCOUNTS = "/costs/accounts"
_TYPED = ("customer_id", "login_customer_id", "account_id", "developer_token", "access_token")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account, and how it was when it was asked last."""

    platform: str
    account: KeptAccount


def cost_account_routes() -> list[Route]:
    """Every address below /costs/accounts."""
    return [
        Route(ACCOUNTS, signed_in(add_account), methods=["POST"]),
        Route(f"{ACCOUNTS}/remove", signed_in(drop_account), methods=["POST"]),
    ]


async def add_account(request: Request, desk: Desk) -> Response:
    """Keep an account; it is asked within a minute or two, then once a day."""
    require_change(desk)
    form, exchange = await read_form(request), exchange_of(request)
    typed = {name: form.one(name) for name in _TYPED}
    account = CostAccount(form.one("platform") or GOOGLE_ADS, form.one("grant"), typed)
    try:
        await exchange.change(
            lambda connection: keep_cost_account(connection, desk.company_id, account, exchange.vault, desk.now)
        )
    except BadAccount as error:
        raise Refused(422, str(error)) from None
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


def account_lines(connection: Connection, company_id: str) -> Sequence[AccountLine]:
    """Every account that is asked."""
    return [
        AccountLine(platform, account)
        for platform in PLATFORMS
        for account in accounts_of(connection, company_id, platform)
    ]
