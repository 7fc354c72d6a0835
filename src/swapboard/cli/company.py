"""The company that a command is about, by its name, and the database it is in."""

from typing import Annotated

import typer
from sqlalchemy import Connection, Engine

from swapboard.accounts import store
from swapboard.cli.installation import bring_up_to_date
from swapboard.cli.problems import Problem
from swapboard.numbers.listing import list_pools
from swapboard.settings import read_settings
from swapboard.storage.engine import open_engine
from swapboard.upkeep.database_address import engine_of, sqlite_file

COMMAND_LINE = "the command line"
"""Who does it, for the journal."""
MOST_NAMED = 10
MOST_POOLS = 200
CompanyName = Annotated[str, typer.Option("--company", help="The company's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line.")]


def named_company(connection: Connection, name: str) -> str:
    """The id of the company so called. Raises Problem when there is none, or are several."""
    company_id = company_called(connection, name)
    if company_id is None:
        known = ", ".join(map(repr, store.company_names(connection, MOST_NAMED)))
        advice = (
            f"there are: {known}"
            if known
            else "set SWAPBOARD_DATA_DIR to your installation's folder, or make it with `swapboard user add`"
        )
        raise Problem(f"There is no company {name!r}; {advice}.")
    return company_id


def database(*, is_first: bool = False) -> Engine:
    """The database of the settings, brought up to date; made where `is_first`.

    Raises Problem where it does not answer, or is not there: a wrong folder must not get an empty one.
    """
    settings = read_settings()
    file = sqlite_file(settings.database_url) if engine_of(settings.database_url) == "sqlite" else None
    if file and not is_first and not file.exists():
        raise Problem(
            f"There is no database {file}. Set SWAPBOARD_DATA_DIR to your installation's folder, "
            "or begin one with `swapboard user add` or `swapboard serve`."
        )
    bring_up_to_date(settings)
    return open_engine(settings.database_url)


def company_called(connection: Connection, name: str) -> str | None:
    """The id of the company so called, or None. Raises Problem when there are several."""
    found = store.company_ids_called(connection, name)
    if len(found) > 1:
        raise Problem(f"There are {len(found)} companies called {name!r}; rename one in the dashboard first.")
    return found[0] if found else None


def named_pool(connection: Connection, company_id: str, name: str | None, option: str) -> tuple[str, int]:
    """The pool so called, or the only one, and how many numbers it has. Raises Problem that names the option."""
    pools = list_pools(connection, company_id, MOST_POOLS).rows
    if not pools:
        raise Problem("The company has no pool yet; make one in the dashboard, under Numbers.")
    fitting = [each for each in pools if name is None or each.name == name]
    if len(fitting) != 1:
        known = ", ".join(repr(each.name) for each in pools)
        raise Problem(f"Say which pool with {option}; there are: {known}.")
    return fitting[0].pool_id, fitting[0].active
