"""`/api/v1/visitors`: forgetting one, as people may ask for."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.switchboard.forgetting import forget_visitors
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import VisitorId, found
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/visitors", tags=[Resource.VISITORS], route_class=ApiRoute)


@router.delete("/{visitor_id}", status_code=204, summary="Forget a visitor")
async def forget(visitor_id: Annotated[VisitorId, Path()], desk: AtDesk) -> None:
    """Deletes pages, events, forms and all that says who it was; visits and calls stay without a name."""

    def write(connection: Connection) -> None:
        found(forget_visitors(connection, desk.company_id, [visitor_id], desk.now) or None, "visitor")

    await desk.change(write)
