"""What the dashboard calls things."""

from collections.abc import Mapping

from swapboard import language
from swapboard.accounts.company import Consent
from swapboard.attribution import model_words
from swapboard.calls import spam_words
from swapboard.calls.call import LegStatus, Status
from swapboard.calls.listing import CallRecord
from swapboard.calls.status_words import STATUS
from swapboard.leads.journey import Milestone
from swapboard.numbers.board import NumberState
from swapboard.numbers.e164 import as_written_in
from swapboard.numbers.rules import Overflow
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.dashboard.translation import Words, _

LONGEST_LINE = 100

MODEL, SIGNAL = model_words.MODEL, spam_words.SIGNAL

DEVICE: Mapping[str, str] = Words({"desktop": _("desktop"), "phone": _("phone"), "tablet": _("tablet")})
VISITOR: Mapping[str, str] = Words({"new": _("new"), "returning": _("returning")})
CHOICE: Mapping[str, str] = Words(
    {"no": _("no"), "yes": _("yes"), "unknown": _("unknown"), "granted": _("granted"), "offline": _("offline")}
)
"""What a destination's settings offer; all else on offer is a name."""

LEG: Mapping[LegStatus, str] = Words(
    {
        LegStatus.STARTED: _("Dialling"),
        LegStatus.RINGING: _("Ringing"),
        LegStatus.TALKING: _("Talking"),
        LegStatus.ANSWERED: _("Answered"),
        LegStatus.BUSY: _("Busy"),
        LegStatus.NO_ANSWER: _("No answer"),
        LegStatus.FAILED: _("Failed"),
        LegStatus.CANCELED: _("Caller hung up"),
    }
)

STATE: Mapping[NumberState, str] = Words(
    {
        NumberState.LIVE: _("Live"),
        NumberState.COOLING: _("Cooling"),
        NumberState.IDLE: _("Idle"),
        NumberState.STANDING: _("In place"),
        NumberState.PAUSED: _("Paused"),
    }
)

PRESENCE: Mapping[Presence, str] = Words(
    {
        Presence.VISIBLE: _("Looking"),
        Presence.HIDDEN: _("In another tab"),
        Presence.GONE: _("Left"),
    }
)

CONSENT: Mapping[Consent, str] = Words(
    {
        Consent.ALWAYS: _("Every visitor gets a number"),
        Consent.WAIT: _("Visitors get a number once they consent"),
        Consent.COOKIELESS: _("Every visitor gets a number, and nothing is stored in their browser"),
    }
)

HAPPENED: Mapping[EventKind, str] = Words(
    {
        EventKind.PAGE: _("Opened a page"),
        EventKind.TAP: _("Tapped the phone number"),
        EventKind.COPY: _("Copied the phone number"),
        EventKind.FORM: _("Sent a form"),
        EventKind.CUSTOM: _("Event"),
    }
)

OVERFLOW: Mapping[Overflow, str] = Words(
    {
        Overflow.CHANNEL_STATIC: _("the number of their channel, or the fallback number"),
        Overflow.FALLBACK: _("the fallback number"),
        Overflow.ORIGINAL: _("the page's own number"),
    }
)

MILESTONE: Mapping[Milestone, str] = Words(
    {
        Milestone.FIRST_TOUCH: _("First visit"),
        Milestone.LEAD_CREATED: _("Became a lead"),
        Milestone.QUALIFIED: _("Qualified"),
    }
)

_CLICK_ID: Mapping[str, str] = {
    "gclid": "GCLID",
    "dclid": "DCLID",
    "gbraid": "GBRAID",
    "wbraid": "WBRAID",
    "msclkid": "MSCLKID",
    "fbclid": "FBCLID",
    "ttclid": "TTCLID",
}

_ACTOR: Mapping[str, str] = Words(
    {
        "carrier": _("the carrier, who told it late"),
        "command line": _("the command line"),
    }
)


def phone(number: str, country: str) -> str:
    """A number (E.164) as people of the country (ISO 3166) write it."""
    return as_written_in(country, number)


def outcome(call: CallRecord) -> str:
    """How a call stands, with how long it was talked where it was."""
    if call.status is Status.ANSWERED and call.talk_seconds is not None:
        return f"{STATUS[call.status]} {language.duration(call.talk_seconds)}"
    return STATUS[call.status]


def actor(name: str) -> str:
    """Who did something: a person's address, or what did it by itself."""
    return _ACTOR.get(name, name)


def click_id(name: str) -> str:
    """What people call a click id."""
    return _CLICK_ID.get(name, name)


def law_place(area: str, name: str) -> str:
    """A country in the reader's language; a state by its own name."""
    if area == "US":
        return _("United States, other states")
    return name if "-" in area else language.country(area)


def city(time_zone: str) -> str:
    """The city that a time zone is named for; empty for one that tells no place."""
    region, slash, name = time_zone.rpartition("/")
    return brief(name.replace("_", " ")) if slash and region != "Etc" else ""


def brief(text: str) -> str:
    """What somebody wrote, cut short if it is too long for a line or two."""
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
