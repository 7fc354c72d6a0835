"""Where in its flow a call is: a record with a text form, which travels in the addresses that carriers get."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import quote, unquote


class Awaits(StrEnum):
    """What a carrier comes back with."""

    ARRIVAL = "arrival"
    DIAL = "dial"
    KEYS = "keys"
    MESSAGE = "message"
    WHISPER = "whisper"
    """A leg was answered, and asks what to hear."""
    SCREEN = "screen"
    """The same, and whoever answered must press a key."""
    PRESS = "press"
    """They have been asked for the key."""
    LEFT = "left"
    """The caller has hung up, and whoever talked to them is to be asked how it went."""
    SURVEYED = "surveyed"
    """They have been asked."""
    NOTHING = "nothing"
    """The flow is at its end."""


OF_LEG = frozenset((Awaits.WHISPER, Awaits.SCREEN, Awaits.PRESS))
SCREENED = frozenset((Awaits.SCREEN, Awaits.PRESS))
AFTER_CALL = frozenset((Awaits.LEFT, Awaits.SURVEYED))


class BadState(ValueError):
    """The text is no state of ours."""


class FlowStuck(Exception):
    """The flow cannot say what comes next: the call is to go to its default destination."""


@dataclass(frozen=True, slots=True)
class FlowState:
    """Where a call is in which flow, and what of its past decides how it goes on."""

    awaits: Awaits = Awaits.ARRIVAL
    flow_id: str = ""
    """Empty for the plain way: ring the number's destination."""
    node: str = ""
    """The flow's step that waits; empty before the first."""
    part: int = 0
    """How many of the step's numbers were rung in turn, or which of its questions is asked."""
    first: int = 0
    """The number of a round robin that was rung first."""
    told: int = 0
    """How many documents the carrier has had: the sequence of what it tells next."""
    records: bool = False
    """The caller has been told that the talk is recorded."""
    plays: tuple[tuple[str, int], ...] = ()
    """How often each menu was heard."""

    def heard(self, menu: str) -> int:
        """How often the menu was heard."""
        return dict(self.plays).get(menu, 0)

    def hears(self, menu: str) -> Self:
        """The state once the menu is heard again."""
        return replace(self, plays=tuple((dict(self.plays) | {menu: self.heard(menu) + 1}).items()))

    def of_leg(self, *, screened: bool) -> Self:
        """The state that a leg of this dialling comes with."""
        return replace(self, awaits=Awaits.SCREEN if screened else Awaits.WHISPER)

    def left(self) -> Self:
        """The state in which whoever talked is asked, once the caller has hung up."""
        return replace(self, awaits=Awaits.LEFT, part=0)

    @property
    def text(self) -> str:
        """The state in letters that need no escape in an address's query."""
        plays = ",".join(f"{_quoted(name)}:{count}" for name, count in self.plays)
        parts = (self.flow_id, self.node)
        counts = (self.part, self.first, self.told, int(self.records))
        return "~".join([self.awaits, *map(_quoted, parts), *map(str, counts), plays])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The state that has this text. Raises BadState."""
        try:
            awaits, flow_id, node, part, first, told, records, plays = text.split("~")
            return cls(
                awaits=Awaits(awaits),
                flow_id=unquote(flow_id),
                node=unquote(node),
                part=_count(part),
                first=_count(first),
                told=_count(told),
                records=bool(_count(records)),
                plays=tuple(_play(each) for each in plays.split(",") if each),
            )
        except ValueError as error:
            raise BadState(f"that is no state of a flow: {text[:40]!r}") from error


def _quoted(name: str) -> str:
    """Without `~`, which `quote` leaves alone, and without the signs between the parts."""
    return quote(name, safe="").replace("~", "%7E")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValueError(text)
    return int(text)


def _play(text: str) -> tuple[str, int]:
    name, _, count = text.partition(":")
    return unquote(name), _count(count)
