"""The keyword of a call, where it was learned after the call."""

from sqlalchemy import Connection, func, update

from swapboard.storage.schema import calls


def fill_in(
    connection: Connection, company_id: str, session_id: str, keyword: str | None, campaign: str | None
) -> None:
    """Write the keyword and campaign of the calls that a visit made, where nothing stands there yet."""
    words = " ".join(word for word in (keyword, campaign) if word).lower()
    connection.execute(
        update(calls)
        .where(
            calls.c.company_id == company_id,
            calls.c.session_id == session_id,
            calls.c.keyword.is_(None),
        )
        .values(
            keyword=keyword,
            campaign=func.coalesce(calls.c.campaign, campaign),
            search_text=calls.c.search_text + f" {words}",
        )
    )
