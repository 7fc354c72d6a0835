"""CallRail's trackers as our set-up: source trackers become static numbers and rules, session trackers pools."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.moving.callrail.shapes import Tracker
from swapboard.moving.difference import numbered
from swapboard.moving.setup import NumberSetup, PoolSetup, RuleSetup, Setup, TargetSetup
from swapboard.numbers.conditions import Field
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.rules import Outcome, Overflow

Conditions = Mapping[Field, Sequence[str]]

_PAID_SEARCH, _ORGANIC_SEARCH, _REFERRAL, _DIRECT = "Paid Search", "Organic Search", "Referral", "Direct"
_ENGINES = {"google": "google", "yahoo": "yahoo", "bing": "bing", "duckduckgo": "duckduckgo"}
_OFF_SITE = {"offline", "google_ad_extension", "mobile_ad_extension", "google_my_business"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a source type says of a number: its place in CallRail's precedence, its rule, what its calls count as.

    `precedence` from 1 (asked first) to 5, by https://support.callrail.com "Swap precedence rules"; None for
    numbers that are on no page.
    """

    precedence: int | None
    conditions: Conditions = field(default_factory=dict)
    channel: str | None = None
    source: str | None = None
    medium: str | None = None


@dataclass
class Moved:
    """The set-up that the trackers make, and what of them has no counterpart."""

    setup: Setup
    notes: list[str]


def move_trackers(trackers: Sequence[Tracker], country: str, status: NumberStatus) -> Moved:
    """What the trackers would be here. `country` reads numbers without a country code."""
    return _Move(country, status).move(trackers)


def meaning_of(tracker: Tracker) -> Meaning | None:
    """What a source tracker's number stands for; None for a type that we do not know."""
    known = _MEANINGS.get(tracker.source.type)
    return known(tracker) if known else None


class _Move:
    def __init__(self, country: str, status: NumberStatus) -> None:
        self._country = country
        self._status = status
        self._targets: dict[str, TargetSetup] = {}
        self._pools: list[PoolSetup] = []
        self._numbers: dict[str, NumberSetup] = {}
        self._rules: list[tuple[int, RuleSetup]] = []
        self._notes: list[str] = []

    def move(self, trackers: Sequence[Tracker]) -> Moved:
        names = numbered([(tracker.name or f"Tracker {tracker.id}")[:190] for tracker in trackers])
        for name, tracker in zip(names, trackers, strict=True):
            if not tracker.is_active:
                self._notes.append(f"{name}: it is disabled, and stays behind.")
            else:
                self._tracker(name, tracker)
        self._drop_loops()
        return Moved(
            Setup(
                swap_targets=list(self._targets.values()),
                pools=self._pools,
                numbers=list(self._numbers.values()),
                rules=[rule for _, rule in sorted(self._rules, key=lambda each: each[0])],
            ),
            self._notes,
        )

    def _tracker(self, name: str, tracker: Tracker) -> None:
        destination = self._number(name, tracker.destination)
        numbers = [number for text in tracker.numbers if (number := self._number(name, text))]
        if destination is None or not numbers:
            self._notes.append(f"{name}: it names no destination or no tracking number, and stays behind.")
            return
        on_page = [number for text in tracker.swap_targets if (number := self._number(name, text))] or [
            destination
        ]
        for number in on_page:
            self._target(name, number, destination)
        if tracker.type == "session":
            self._session(name, tracker, numbers, on_page)
        else:
            self._source(name, tracker, numbers, on_page)
        self._notes.extend(f"{name}: {what}" for what in _left_behind(tracker))

    def _target(self, name: str, number: str, destination: str) -> None:
        known = self._targets.setdefault(number, TargetSetup(number=number, name=name, destination=destination))
        if known.destination != destination:
            self._notes.append(
                f"{name}: its calls ring at {destination}, those of {known.name} in place of the same number at "
                f"{known.destination}; here all ring at {known.destination}. Give it a call flow of its own."
            )

    def _session(self, name: str, tracker: Tracker, numbers: Sequence[str], on_page: Sequence[str]) -> None:
        first, *others = on_page
        target = self._targets[first].shares_with or first
        pool = PoolSetup(name=name, target=target, overflow=Overflow.ORIGINAL)
        self._pools.append(pool)
        for number in numbers:
            self._numbers[number] = NumberSetup(number=number, pool=name, status=self._status)
        self._rules.append((5, RuleSetup(name=name, outcome=Outcome.POOL, pool=name)))
        for other in others:
            self._share(name, other, target)
        if tracker.pool_size and tracker.pool_size != len(numbers):
            self._notes.append(f"{name}: its pool has {tracker.pool_size} numbers; {len(numbers)} are told.")

    def _share(self, name: str, other: str, target: str) -> None:
        """The other number on the page shows what the target shows, unless it has numbers of its own."""
        lends = {each.shares_with for each in self._targets.values()} | {pool.target for pool in self._pools}
        if other == target or self._targets[other].shares_with == target:
            return
        if other in lends or self._targets[other].shares_with:
            self._notes.append(f"{name}: {other} shows another tracker's numbers already, and still does.")
            return
        self._targets[other] = self._targets[other].model_copy(update={"shares_with": target})

    def _source(self, name: str, tracker: Tracker, numbers: Sequence[str], on_page: Sequence[str]) -> None:
        kind = tracker.source.type
        meaning = meaning_of(tracker)
        if meaning is None or (meaning.precedence is None and kind not in _OFF_SITE):
            self._notes.append(f"{name}: what its source {kind!r} asks for is not known here; it has no rule.")
            meaning = meaning or Meaning(None, source=kind)
        for number, target in zip(numbers, on_page, strict=False):
            self._numbers[number] = NumberSetup(
                number=number,
                target=target,
                status=self._status,
                placement=name,
                channel=meaning.channel,
                source=meaning.source or name,
                medium=meaning.medium,
                campaign=tracker.campaign_name or None,
            )
            if meaning.precedence is not None:
                rule = RuleSetup(name=name, outcome=Outcome.STATIC, number=number, conditions=meaning.conditions)
                self._rules.append((meaning.precedence, rule))
        if len(numbers) != len(on_page):
            self._notes.append(f"{name}: {len(numbers)} numbers stand for {len(on_page)} on the page; check it.")

    def _number(self, name: str, text: str | None) -> str | None:
        try:
            return parse_number(text, self._country) if text else None
        except NotANumber as error:
            self._notes.append(f"{name}: {error}")
            return None

    def _drop_loops(self) -> None:
        """A tracking number that another tracker rings at would send calls in circles."""
        answered = {each.destination for each in self._targets.values()} | set(self._targets)
        for number in sorted(answered & set(self._numbers)):
            self._notes.append(f"{number} is a tracking number and a number that calls go to; it stays behind.")
            del self._numbers[number]
            self._rules = [each for each in self._rules if each[1].number != number]


def _left_behind(tracker: Tracker) -> Iterator[str]:
    flow = tracker.call_flow
    if flow and flow.type != "basic":
        yield f"its call flow ({flow.type}) must be made anew; until then calls ring at its destination."
    if flow and flow.greeting_text:
        yield "its greeting must be recorded anew."
    if flow and flow.recording_enabled:
        yield "recording is off here until you switch it on."
    if tracker.whisper_message:
        yield "its whisper message must be written anew."
    if tracker.sms_enabled:
        yield "text messages to it must be set up at your carrier."


def _search(tracker: Tracker) -> Meaning:
    engine = tracker.source.words("search_engine").casefold()
    kind = tracker.source.words("search_type").casefold()
    channels = {"paid": [_PAID_SEARCH], "organic": [_ORGANIC_SEARCH]}.get(kind, [_PAID_SEARCH, _ORGANIC_SEARCH])
    conditions: dict[Field, Sequence[str]] = {Field.CHANNEL: list(channels)}
    if engine in _ENGINES:
        conditions[Field.SOURCE] = [_ENGINES[engine]]
    medium = {"paid": "cpc", "organic": "organic"}.get(kind)
    is_specific = engine in _ENGINES and medium is not None
    channel = channels[0] if len(channels) == 1 else None
    return Meaning(2 if is_specific else 3, conditions, channel, _ENGINES.get(engine), medium)


def _referrer(tracker: Tracker) -> Meaning:
    told = tracker.source.words("web_referrer", "referrer", "referring_domain", "domain", "url")
    host = told.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if not host:
        return Meaning(None, {}, _REFERRAL, None, "referral")
    return Meaning(2, {Field.REFERRER: [f"*{host}*"]}, _REFERRAL, host, "referral")


def _landing(tracker: Tracker) -> Meaning:
    told = tracker.source.words("landing_params", "landing_url", "landing_page", "params", "url", "value")
    return Meaning(1, {Field.LANDING_PAGE: [f"*{told.strip('*')}*"]}) if told else Meaning(None)


def _source_of(host: str, *channels: str) -> Callable[[Tracker], Meaning]:
    conditions = {Field.SOURCE: [host], Field.CHANNEL: list(channels)}
    return lambda _tracker: Meaning(3, conditions, None, host)


_MEANINGS: Mapping[str, Callable[[Tracker], Meaning]] = {
    "all": lambda _: Meaning(4),
    "direct": lambda _: Meaning(2, {Field.CHANNEL: [_DIRECT]}, _DIRECT, "(direct)", "(none)"),
    "search": _search,
    "web_referrer": _referrer,
    "landing_params": _landing,
    "landing_url": _landing,
    "facebook_all": lambda _: Meaning(3, {Field.SOURCE: ["facebook*"]}, None, "facebook"),
    "bing_all": _source_of("bing", _PAID_SEARCH, _ORGANIC_SEARCH),
    "google_ad_extension": lambda _: Meaning(None, {}, _PAID_SEARCH, "google", "cpc"),
    "mobile_ad_extension": lambda _: Meaning(None, {}, _PAID_SEARCH, "google", "cpc"),
    "google_my_business": lambda _: Meaning(None, {}, _ORGANIC_SEARCH, "google", "organic"),
    "offline": lambda _: Meaning(None, {}, "Offline", None, "offline"),
}
