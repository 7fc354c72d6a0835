"""What people are told of each trouble: what does not work, what is safe, what helps."""

from collections.abc import Mapping
from typing import NamedTuple

from swapboard.switchboard.condition import Trouble
from swapboard.web.dashboard.translation import _


class Told(NamedTuple):
    """A trouble in plain words."""

    headline: str
    stopped: str
    safe: str
    remedy: str


_TOLD: Mapping[Trouble, Told] = {
    Trouble.DATABASE_SILENT: Told(
        _("The database does not answer."),
        _("These pages, and numbers for new visitors: your site shows its own number. Nothing can be changed."),
        _("Calls still get through, and nothing they tell is lost: it is kept on disk and written later."),
        _("Start the database again; swapboard doctor says what it sees."),
    ),
    Trouble.NOT_WRITTEN: Told(
        _("The database can be read, but not written."),
        _("New visitors get no number of their own, new calls do not appear here, and nothing can be changed."),
        _("Calls still get through, and nothing they tell is lost: it is kept on disk and written later."),
        _("Mostly the disk is full: make room. Or another program holds the database."),
    ),
    Trouble.EVENTS_WAIT: Told(
        _("Some news of calls waits to be written."),
        _("The latest calls may be missing here, or still seem to ring."),
        _("The calls themselves got through. Their news is kept on disk and appears by itself."),
        _("Nothing, if it is over in a minute; else swapboard doctor."),
    ),
    Trouble.ONLY_IN_MEMORY: Told(
        _("Neither the database nor the disk takes news of calls."),
        _("What comes in is in memory only. If the server stops now, only the carrier's list can tell it."),
        _("Calls still get through."),
        _("Make room on the disk before anything is restarted."),
    ),
    Trouble.SNAPSHOT_UNWRITTEN: Told(
        _("The copy of your call routes on disk is out of date."),
        _("If the database stops and the server restarts, calls go where they went before your last change."),
        _("Calls go where you set them to go."),
        _("Make room on the disk, and see that the server may write in its data folder."),
    ),
    Trouble.FALLBACK_UNWRITTEN: Told(
        _("The fallback documents for your carrier are out of date."),
        _("If this server were down, calls would go where they went before your last change."),
        _("Calls go where you set them to go."),
        _("See that the server may write in the fallback folder."),
    ),
    Trouble.CAP_REACHED: Told(
        _("Today's limit on talk time is reached."),
        _("Callers who never talked to you before hear a busy tone until midnight."),
        _("Callers you have talked to, and those on your list of good numbers, are put through as always."),
        _("Raise the limit, or lift it, under Calls, Spam."),
    ),
    Trouble.PUMPED: Told(
        _("Somebody may be making calls to your numbers for the minutes' sake."),
        _("Nothing yet, but it may cost you: most of the last day's talk came from one range of numbers."),
        _("Every call is still put through."),
        _("Look at Calls, Spam: block the range, or set a limit on talk time a day."),
    ),
    Trouble.LISTS_UNREAD: Told(
        _("Your carrier does not let us read its list of calls."),
        _("A call whose news got lost on the way is not found again for now."),
        _("Calls get through, and their news comes in as always."),
        _("Is the carrier's account in order, and are its credentials right? It is tried again by itself."),
    ),
}


def told_of(trouble: Trouble) -> Told:
    """What people are told of it."""
    return Told(*map(_, _TOLD[trouble]))
