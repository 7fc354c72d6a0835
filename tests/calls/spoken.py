"""What somebody said, for the tests: two words a second."""

from swapboard.calls.transcript import Segment, Side, SpokenWord


def words_of(text: str, begins: float = 0.0) -> list[SpokenWord]:
    return [
        SpokenWord(word, begins + index * 0.5, begins + index * 0.5 + 0.4)
        for index, word in enumerate(text.split())
    ]


def says(side: Side, text: str, begins: float = 0.0) -> Segment:
    return Segment(side, tuple(words_of(text, begins)))


def caller(text: str, begins: float = 0.0) -> Segment:
    return says(Side.CALLER, text, begins)


def agent(text: str, begins: float = 0.0) -> Segment:
    return says(Side.AGENT, text, begins)
