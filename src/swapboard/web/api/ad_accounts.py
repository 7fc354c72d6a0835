"""`/api/v1/costs/ad-accounts`: accounts at ad platforms that are asked once a day what their ads cost."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.keywords.store import PLATFORMS, KeptAccount, accounts_of, remove_account
from swapboard.switchboard.cost_accounts import BadAccess, BadAccount, CostAccount, keep_cost_account
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Asked, Message, Moment, PageDocument, RefId, found, moment
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/costs/ad-accounts", tags=[Resource.COSTS], route_class=ApiRoute)

AdPlatform = Literal["google_ads", "microsoft", "meta"]
Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^[^\x00]*$")]
Named = Literal["customer_id", "login_customer_id", "account_id", "developer_token", "access_token"]


class NewAdAccount(Message):
    """An account to ask."""

    platform: AdPlatform
    grant_id: RefId | None = Field(
        None, description="The access (`/grants`) that may read costs there; Meta takes an `access_token` instead."
    )
    credentials: dict[Named, Value] = Field(
        description="Google: `customer_id`, perhaps `login_customer_id` and `developer_token`. Microsoft: "
        "`customer_id`, `account_id`, `developer_token`. Meta: `account_id`, `access_token`."
    )


class AdAccountDocument(BaseModel):
    """An account, without what opens it."""

    platform: str
    account: str = Field(description="Its number there.")
    grant: str | None = Field(description="The id of the access that opens it.")
    asked_at: Moment | None = Field(description="When it was last asked what it cost.")
    trouble: str | None = Field(description="Why it did not tell.")


class AdAccountQuery(Asked):
    """Which account."""

    platform: AdPlatform
    account: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]


@router.get("", summary="List the ad accounts that are asked for costs")
async def list_(desk: AtDesk) -> PageDocument[AdAccountDocument]:
    """All of them, by platform."""
    return PageDocument(data=await desk.read(lambda connection: _all(connection, desk)), next_cursor=None)


@router.post("", status_code=201, response_model=AdAccountDocument, summary="Ask an ad account for costs")
async def create(new: NewAdAccount, desk: ToCreate) -> Response:
    """Within a minute or two, then once a day. One that is there already gets these credentials."""
    typed: dict[str, str] = dict(new.credentials.items())
    account = CostAccount(new.platform, new.grant_id or "", typed)

    def write(connection: Connection) -> AdAccountDocument:
        try:
            kept = keep_cost_account(connection, desk.company_id, account, desk.exchange.vault, desk.now)
        except BadAccount as error:
            where = "grant_id" if isinstance(error, BadAccess) else "credentials"
            raise invalid(where, str(error)) from None
        known = [each for each in _all(connection, desk) if (each.platform, each.account) == (new.platform, kept)]
        return known[0]

    return await desk.create(write)


@router.delete("", status_code=204, summary="Ask an ad account no more", name="remove")
async def remove(query: Annotated[AdAccountQuery, Query()], desk: AtDesk) -> None:
    """Its secrets are forgotten; what it told stays."""

    def write(connection: Connection) -> None:
        found(remove_account(connection, desk.company_id, query.account, query.platform) or None, "account")

    await desk.change(write)


def _all(connection: Connection, desk: Desk) -> list[AdAccountDocument]:
    return [
        _document(platform, each)
        for platform in PLATFORMS
        for each in accounts_of(connection, desk.company_id, platform)
    ]


def _document(platform: str, each: KeptAccount) -> AdAccountDocument:
    return AdAccountDocument(
        platform=platform,
        account=each.customer_id,
        grant=each.grant_id,
        asked_at=moment(each.costs_asked_at),
        trouble=each.costs_trouble,
    )
