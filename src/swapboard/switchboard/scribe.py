"""The process that writes visits, beats and calls: the server begins `python -m swapboard.switchboard.scribe`."""

import os
from contextlib import suppress

from swapboard.logs import begin_log
from swapboard.memory import settle_memory
from swapboard.numbers.e164 import learn_places
from swapboard.settings import Settings
from swapboard.storage.scribe import Scribe, write_down
from swapboard.switchboard.beating import HEAR
from swapboard.switchboard.claiming import CLAIM
from swapboard.switchboard.forgetting import FORGET
from swapboard.switchboard.ringing import RECEIVE
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.visiting import ADMIT

JOBS = {job.name: job for job in (ADMIT, HEAR, FORGET, RECEIVE, SWEEP, CLAIM)}

POLITENESS = 5
"""Where the cores are busy, whoever answers a caller goes before whoever writes."""


def scribe_of(settings: Settings) -> Scribe | None:
    """The scribe that the settings ask for; without one, a thread of the server writes."""
    return Scribe("swapboard.switchboard.scribe", settings.database_url) if settings.writer_process else None


def be_polite() -> None:
    """Let the doors go first, where it may be asked for: some sandboxes forbid even that."""
    with suppress(OSError):
        os.nice(POLITENESS)


if __name__ == "__main__":
    begin_log()
    be_polite()
    learn_places()
    settle_memory()
    write_down(JOBS)
