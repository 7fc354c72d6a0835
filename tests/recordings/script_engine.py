"""An engine that hears what a test has written, in place of what was said."""

from collections.abc import Callable, Iterator, Sequence

from swapboard.recordings.hearing import Heard, Sound
from tests.calls.spoken import words_of


class Script:
    """Each speaker says the next of the texts."""

    name = "script"

    def __init__(self, *texts: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        self._texts = iter(texts)
        self._meanwhile = meanwhile
        self.trouble: str | None = None
        self.heard: list[Sound] = []
        self.fails: Sequence[Exception] = ()

    def hear(self, sound: Sound, language: str) -> Iterator[Heard]:
        self.heard.append(sound)
        self._meanwhile()
        if self.fails:
            fault, *self.fails = self.fails
            raise fault
        yield Heard(language or "en", tuple(words_of(next(self._texts))))
