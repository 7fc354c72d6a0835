"""What Chromium's main thread does, by its own trace, in the processor's time: a busy machine does not count."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page

LONG_MS = 50
"""From here on a task is long (https://www.w3.org/TR/longtasks/)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the browser did; in milliseconds."""

    name: str
    begin: float
    cpu: float
    said: str


@contextmanager
def traced(browser: Browser, page: Page) -> Iterator[list[Event]]:
    """What every thread of the browser does meanwhile; complete at the end."""
    session: CDPSession = browser.new_browser_cdp_session()
    events: list[Event] = []
    ended: list[bool] = []

    def take(told: dict[str, list[dict[str, object]]]) -> None:
        events.extend(map(_event, told["value"]))

    session.on("Tracing.dataCollected", take)
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    categories = ["devtools.timeline", "toplevel", "blink.user_timing"]
    session.send("Tracing.start", {"traceConfig": {"includedCategories": categories}})
    yield events
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(10)
    session.detach()


def _event(told: dict[str, object]) -> Event:
    begin, cpu = float(str(told.get("ts", 0))), float(str(told.get("tdur", 0)))
    return Event(str(told["name"]), begin / 1000, cpu / 1000, str(told.get("args")))


def pieces(events: list[Event], server: str) -> list[Event]:
    """Each piece of work of a script that came from this server."""
    return [each for each in events if each.name in {"FunctionCall", "EvaluateScript"} and server in each.said]
