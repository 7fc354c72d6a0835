"""What the dashboard calls things."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from swapboard import language
from swapboard.accounts.company import Consent
from swapboard.amount import places_of
from swapboard.attribution import model_words
from swapboard.calls import spam_words
from swapboard.calls.call import LegStatus, Status
from swapboard.calls.listing import CallRecord
from swapboard.calls.status_words import STATUS
from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.leads.journey import Milestone
from swapboard.numbers.board import NumberState
from swapboard.numbers.conditions import ANY, NOT, Field
from swapboard.numbers.e164 import as_written_in
from swapboard.numbers.explain import NAMES
from swapboard.numbers.rules import Overflow
from swapboard.reports import costs
from swapboard.reports.figures import Count
from swapboard.reports.span import Span
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.translation import Words, _, ngettext

LONGEST_LINE = 100
_BREAKS = re.compile(r"(?<=[/.])(?=.)")

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

DAY_OF_WEEK: Mapping[int, str] = Words(
    dict(
        enumerate(
            (
                _("Monday"),
                _("Tuesday"),
                _("Wednesday"),
                _("Thursday"),
                _("Friday"),
                _("Saturday"),
                _("Sunday"),
            )
        )
    )
)
WEEKDAY: Mapping[int, str] = Words(
    dict(enumerate((_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))))
)

FIELD: Mapping[Field, str] = NAMES

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

_SURE = (
    (0.95, _("Almost certain")),
    (0.80, _("Very likely")),
    (0.60, _("Likely")),
    (0.40, _("Possible")),
    (0.0, _("A guess")),
)


def phone(number: str, country: str) -> str:
    """A number (E.164) as people of the country (ISO 3166) write it."""
    return as_written_in(country, number)


def confidence(probability: float) -> str:
    """A probability (0 to 1) in words."""
    return next(_(word) for least, word in _SURE if probability >= least)


def percent(probability: float, read: int | None = None) -> str:
    """`97%`; what is not certain is never 0% or 100%. `read` is what a column of several rounds it to."""
    if 0 < probability <= 0.005 if read is None else probability > 0 == read:
        return f"<{share(0.01)}"
    if 0.995 <= probability < 1 if read is None else probability < 1 and read == 100:
        return f">{share(0.99)}"
    return share(probability if read is None else read / 100)


def share(part: float, places: int = 0, *, signed: bool = False) -> str:
    """`40%`, `+40%`; a share, unlike a probability, may be all or nothing."""
    return language.percent(part, places, signed=signed)


def decimal(number: float, places: int) -> str:
    """`1,250.5`; always so many digits behind the point."""
    return language.decimal(number, places)


def points(number: float) -> str:
    """`+1.5`: what speaks for something or against it."""
    sign = "+" if number >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{language.decimal(abs(number), 1)}"


def money(cents: int, currency: str) -> str:
    """`1250.50`, as it is typed in; of yen `1250`."""
    return f"{cents // 100}" if not (cents % 100 or places_of(currency)) else f"{cents // 100}.{cents % 100:02}"


def worth(cents: Count, currency: str) -> str:
    """`1,250.50`, of yen `1,250`."""
    return costs.money(round(Fraction(cents) * costs.CENT_MICROS), currency)


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


def condition(asked: Field, values: Sequence[str]) -> str:
    """One condition of a rule as a sentence's part."""
    wanted = [_wanted(value) for value in values if not value.startswith(NOT)]
    excluded = [_excluded(value[1:]) for value in values if value.startswith(NOT)]
    said = [part for part in (_(" or ").join(wanted), _(" and ").join(excluded)) if part]
    return f"{FIELD[asked]} {_(' but ').join(said)}"


def _wanted(value: str) -> str:
    if value == ANY:
        return _("is known")
    if value.endswith(ANY) and ANY not in value[:-1]:
        return _("begins with “%s”") % value[:-1]
    inner = value[1:-1]
    if inner and value == f"{ANY}{inner}{ANY}" and ANY not in inner:
        return _("contains “%s”") % inner
    return _("is “%s”") % value


def _excluded(value: str) -> str:
    return _("is not known") if value == ANY else _("is not “%s”") % value


def web_link(url: str | None) -> str | None:
    """The address if a browser may follow it; None for `javascript:` and whatever else is no web page."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def page_name(url: str) -> str:
    """A page's address without scheme and query, for reading."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return brief(url)
    return brief(f"{parts.netloc}{parts.path}".rstrip("/") or url)


def days(span: Span, moments: Moments) -> str:
    """The days of a report: one, or from which to which."""
    first, *_others, last = [moments.day(each.from_at) for each in (*span.days(), *span.days())]
    if span.length == 1:
        return first
    within = {_("Today"): _("today"), _("Yesterday"): _("yesterday")}.get(last, last)
    return _("%(first)s to %(last)s") % {"first": first, "last": within}


def between(first: date, last: date, moments: Moments) -> str:
    """A day, or from which to which."""
    said = moments.dated(first)
    return said if first == last else _("%(first)s to %(last)s") % {"first": said, "last": moments.dated(last)}


def long_time(length: Millis) -> str:
    """A length of time in its largest unit: `3 minutes`, `5 hours`, `2 days`."""
    unit = DAY if length >= DAY else HOUR if length >= HOUR else MINUTE
    return so_many(max(1, round(length / unit)), unit)


def so_many(number: int, unit: Millis) -> str:
    """`65 minutes`, in a unit of long times."""
    if unit == DAY:
        return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
    if unit == HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", number) % {"n": number}
    return ngettext("%(n)s minute", "%(n)s minutes", number) % {"n": number}


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


def address(text: str) -> Markup:
    """`www.example.com/offer`, which ends a line after a point or a slash, not within a word."""
    return Markup("<wbr>").join(_BREAKS.split(text)) if "/" in text else escape(text)


def figure(number: Count, read: Count | None = None) -> str:
    """`1,234`; by probability `1,234.5`, where it is no whole number. `read` is what a column rounds it to."""
    return language.decimal(float(number if read is None else read), 0 if number == int(number) else 1)
