"""Work that is done company by company: what is due, and what came in together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from swapboard.accounts.store import config_versions
from swapboard.clock import Millis


class _Piece(Protocol):
    @property
    def company_id(self) -> str: ...


Piece = TypeVar("Piece", bound=_Piece)
Answer = TypeVar("Answer")


def company_by_company(
    connection: Connection,
    batch: Sequence[Piece],
    answer: Callable[[Connection, str, Sequence[Piece]], Sequence[Answer]],
) -> list[Answer]:
    """The answers to a batch of any companies' pieces, in its order; each company is asked once."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, piece in enumerate(batch):
        places[piece.company_id].append(place)
    answers: dict[int, Answer] = {}
    for company_id, its in places.items():
        answers.update(zip(its, answer(connection, company_id, [batch[place] for place in its]), strict=True))
    return [answers[place] for place in range(len(batch))]


def due_of_each(
    connection: Connection, due: Callable[[Connection, str, Millis], Iterable[str]], now: Millis
) -> list[tuple[str, str]]:
    """(company, what is due of it), by ids, of all companies."""
    return [
        (company_id, found)
        for company_id in config_versions(connection)
        for found in due(connection, company_id, now)
    ]
