"""A flow while somebody writes it: what the editor's form holds, whether it makes a flow or not yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from swapboard.amount import whole_of
from swapboard.calls.flow_check import FlowFault
from swapboard.calls.flow_store import FLOW, FlowRecord
from swapboard.calls.hours import DAYS
from swapboard.calls.nodes import BLANKS, DESTINATION, AnyNode, Flow, Node
from swapboard.calls.sound import file_of
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.translation import Words, _
from swapboard.web.sentences import said_of

StepDocument: TypeAlias = dict[str, Any]
"""A step as the API writes it, with its name."""
KEYS = tuple("123456789*0#")
KINDS: Mapping[str, str] = Words(
    {
        "greeting": _("Say something"),
        "menu": _("Ask for a key (menu)"),
        "gate": _("Let on who presses 1 (against machines)"),
        "schedule": _("Look at business hours"),
        "dial": _("Ring phones"),
        "round_robin": _("Ring phones in turn (round robin)"),
        "voicemail": _("Take a message"),
        "geo_route": _("Look where the caller is from"),
        "branch": _("Look at the visit"),
        "consent": _("Tell that it is recorded"),
        "record": _("Record"),
        "survey": _("Ask how it went (survey)"),
        "tag": _("Tag the call"),
        "hang_up": _("Say good-bye and hang up"),
        "reject": _("Do not take the call"),
    }
)


_NODE: TypeAdapter[Node] = TypeAdapter(AnyNode)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form."""

    name: str = ""
    start: str = ""
    language: str = "en-US"
    missed_text: str = ""
    lines: tuple[str, ...] = ()
    steps: tuple[StepDocument, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """The names of the steps."""
        return [str(step["name"]) for step in self.steps]

    def with_step(self, kind: str, time_zone: str) -> "Draft":
        """With one more step at its end; the first is where calls start."""
        name, count = str(KINDS[kind]), 1
        while name in self.names:
            count += 1
            name = f"{KINDS[kind]} {count}"
        step = blank(kind, name[:40], time_zone)
        return replace(self, start=self.start or step["name"], steps=(*self.steps, step))

    def with_sound(self, place: int, name: str) -> "Draft":
        """With this sound played by the step at this place."""
        steps = [
            step | {"file": file_of(name)} if index == place else step for index, step in enumerate(self.steps)
        ]
        return replace(self, steps=tuple(steps))

    def without_step(self, place: str) -> "Draft":
        """Without the step at this place."""
        kept = [step for index, step in enumerate(self.steps) if str(index) != place]
        return replace(self, steps=tuple(kept))


def blank(kind: str, name: str, time_zone: str) -> StepDocument:
    """A new step of the kind, as it stands before anybody has filled it in."""
    step = {"name": name, **_NODE.dump_python(BLANKS[kind], mode="json")}
    if kind == "schedule":
        step["hours"]["time_zone"] = time_zone
    return step


def draft_of(record: FlowRecord) -> Draft:
    """What the form shows of a flow."""
    document = FLOW.dump_python(record.flow, mode="json")
    steps = tuple({"name": name, **step} for name, step in document["steps"].items())
    return Draft(
        record.name, document["start"], document["language"], document["missed_text"], record.lines, steps
    )


def flow_of(draft: Draft) -> tuple[Flow | None, list[FlowFault]]:
    """The flow that the draft makes; else what keeps it from being one."""
    faults = [*_of_names(draft)]
    steps = {step["name"]: {key: value for key, value in step.items() if key != "name"} for step in draft.steps}
    try:
        told = {"start": draft.start, "steps": steps, "language": draft.language}
        flow = FLOW.validate_python(told | {"missed_text": draft.missed_text})
    except ValidationError as error:
        return None, [*faults, *_told(error)]
    return (None if faults else flow), faults


def _of_names(draft: Draft) -> Iterator[FlowFault]:
    if not 0 < len(draft.name) <= 200:
        yield FlowFault("", "name", _("Give the flow a name of at most 200 characters."))
    if not draft.steps:
        yield FlowFault("", "steps", _("Add at least one step."))
    for name in sorted({name for name in draft.names if draft.names.count(name) > 1}):
        yield FlowFault(name, "name", _("Two steps are called “%s”. Give each a name of its own.") % name)


def _told(error: ValidationError) -> Iterator[FlowFault]:
    for each in error.errors(include_url=False, include_input=False):
        step = str(each["loc"][1]) if each["loc"][:1] == ("steps",) and len(each["loc"]) > 1 else ""
        where = ", ".join(str(part) for part in each["loc"][3:])
        said = f"“{step}”: " if step else ""
        yield FlowFault(step, where, f"{said}{where + ': ' if where else ''}{said_of(each)}")


def read_draft(form: Form, country: str) -> Draft:
    """What stands in the form that was sent; a step that was renamed keeps the ways that lead to it.

    Raises Refused for a form that is none of ours.
    """
    renamed = {"": ""}
    places = form.every("place")
    for place in places:
        renamed[form.one(f"{place}.was") or form.one(f"{place}.name")] = form.one(f"{place}.name")
    reader = _Reader(form, renamed, country)
    return Draft(
        name=form.one("name"),
        start=reader.name_in("start"),
        language=form.one("language", "en-US"),
        missed_text=form.one("missed_text"),
        lines=tuple(dict.fromkeys(form.every("line"))),
        steps=tuple(reader.step(place) for place in places),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the fields of a step by its place."""

    form: Form
    renamed: Mapping[str, str]
    country: str

    def name_in(self, field_: str) -> str:
        name = self.form.one(field_)
        return self.renamed.get(name, name)

    def step(self, place: str) -> StepDocument:
        kind = self.form.one(f"{place}.kind")
        if kind not in FIELDS:
            raise Refused(400, _("The form could not be read. Load the page again and try once more."))
        document: StepDocument = {"name": self.form.one(f"{place}.name"), "kind": kind}
        for name in FIELDS[kind]:
            document[name] = _READ[name](self, f"{place}.{name}")
        return document

    def words(self, name: str) -> str:
        return self.form.one(name)

    def file(self, name: str) -> str:
        """The sound that was chosen, else the address."""
        sound = self.form.one(name.removesuffix("file") + "sound")
        return file_of(sound) if sound else self.form.one(name)

    def whole(self, name: str) -> int | str:
        return _count(self.form.one(name))

    def checked(self, name: str) -> bool:
        return bool(self.form.one(name))

    def key(self, name: str) -> str | None:
        return self.form.one(name) or None

    def tags(self, name: str) -> list[str]:
        return [tag.strip() for tag in self.form.one(name).split(",") if tag.strip()]

    def keys(self, name: str) -> dict[str, str]:
        chosen = {key: self.name_in(f"{name}.{key}") for key in KEYS}
        return {key: following for key, following in chosen.items() if following}

    def hours(self, name: str) -> StepDocument:
        days = {day.value: self.form.one(f"{name}.{day}").replace(",", " ").split() for day in DAYS}
        return {
            "time_zone": self.form.one(f"{name}.time_zone"),
            "days": {day: spans for day, spans in days.items() if spans},
            "holidays": self.form.one(f"{name}.holidays").replace(",", " ").split(),
        }

    def targets(self, name: str) -> list[StepDocument]:
        rows = self._rows(name, "number", "ring_seconds", "weight")
        return [
            {"number": self._number(number), "ring_seconds": _count(ring or "25"), "weight": _count(weight or "1")}
            for number, ring, weight in rows
        ]

    def areas(self, name: str) -> dict[str, str]:
        return {area: self.renamed.get(then, then) for area, then in self._rows(name, "area", "then")}

    def cases(self, name: str) -> list[StepDocument]:
        rows = self._rows(name, "value", "asked", "then")
        return [
            {"asked": asked, "value": value, "then": self.renamed.get(then, then)} for value, asked, then in rows
        ]

    def answers(self, name: str) -> dict[str, StepDocument]:
        judged = {"yes": True, "no": False}
        rows = self._rows(name, "key", "tag", "qualified")
        return {key: {"tag": tag, "qualified": judged.get(qualified)} for key, tag, qualified in rows}

    def _rows(self, name: str, *columns: str) -> list[tuple[str, ...]]:
        """The rows whose first column is filled in."""
        rows = zip(*(self.form.every(f"{name}.{column}") for column in columns), strict=False)
        return [row for row in rows if row[0]]

    def _number(self, text: str) -> str:
        try:
            return text if text.lower() == DESTINATION else parse_number(text, self.country)
        except NotANumber:
            return text


def _count(text: str) -> int | str:
    number = whole_of(text, 99_999)
    return text if number is None else number


FIELDS: Mapping[str, Sequence[str]] = {
    "greeting": ("text", "file", "then"),
    "consent": ("text", "file", "agree_key", "then", "declined"),
    "record": ("then",),
    "menu": ("text", "file", "keys", "wait_seconds", "plays", "otherwise"),
    "gate": ("text", "file", "from_percent", "wait_seconds", "then", "otherwise"),
    "schedule": ("hours", "open", "closed"),
    "dial": ("targets", "at_once", "whisper", "press_1", "survey", "then", "otherwise"),
    "round_robin": ("targets", "tries", "sticky", "whisper", "press_1", "survey", "then", "otherwise"),
    "geo_route": ("areas", "otherwise"),
    "branch": ("cases", "otherwise"),
    "voicemail": ("text", "file", "longest_seconds", "then"),
    "tag": ("tags", "then"),
    "survey": ("text", "file", "answers", "ask_value", "value_text", "wait_seconds", "then"),
    "hang_up": ("text", "file"),
    "reject": ("busy",),
}
"""The fields of each kind of step, in the order of the form."""

_READ: Mapping[str, Callable[[_Reader, str], object]] = {
    **dict.fromkeys(("text", "whisper", "value_text"), _Reader.words),
    "file": _Reader.file,
    **dict.fromkeys(("then", "otherwise", "open", "closed", "declined", "survey"), _Reader.name_in),
    **dict.fromkeys(("wait_seconds", "from_percent", "plays", "tries", "longest_seconds"), _Reader.whole),
    **dict.fromkeys(("at_once", "press_1", "sticky", "ask_value", "busy"), _Reader.checked),
    "agree_key": _Reader.key,
    "tags": _Reader.tags,
    "keys": _Reader.keys,
    "hours": _Reader.hours,
    "targets": _Reader.targets,
    "areas": _Reader.areas,
    "cases": _Reader.cases,
    "answers": _Reader.answers,
}
