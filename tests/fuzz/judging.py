"""What became of a run: what was found, and whether everything was asked and done."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NEVER_DONE: Mapping[str, str] = {
    "POST /api/v1/costs/rates/bank": "It asks the European Central Bank, whom no test asks.",
    "POST /api/v1/reports/views/{view_id}/send": "A demo has no mail server.",
    "POST /api/v1/numbers/orders": "A carrier of whom nobody knows sells nothing.",
    "POST /api/v1/numbers/{number_id}/return": "A demo's numbers are at no carrier that takes them back.",
    "POST /api/v1/numbers/{number_id}/point-here": "A demo's numbers are at no carrier that could be asked.",
    "GET /api/v1/conversions/{delivery_id}": "Nobody calls while the run is on, so nothing is told.",
    "POST /api/v1/conversions/{delivery_id}/again": "Nobody calls while the run is on, so nothing is told.",
    "GET /api/v1/forms/{form_id}": "In three days nobody may have sent a form.",
    "GET /api/v1/forms/{form_id}/conversions": "In three days nobody may have sent a form.",
    "POST /api/v1/leads/{lead_id}/part": "In three days nobody may have been in touch twice.",
    **dict.fromkeys(
        [
            "GET /api/v1/calls/{call_id}/recordings/{recording_id}/sound",
            "DELETE /api/v1/calls/{call_id}/recordings/{recording_id}",
            "POST /api/v1/calls/{call_id}/recordings/{recording_id}/again",
            "POST /api/v1/calls/{call_id}/recordings/{recording_id}/transcript",
            "POST /api/v1/calls/{call_id}/recording/pause",
            "POST /api/v1/calls/{call_id}/recording/resume",
        ],
        "A demo's calls are not recorded.",
    ),
}
"""What refuses everything in a demo, or may, and why."""

Answers = Mapping[str, Mapping[str, Counter[int]]]
"""Of each operation, as `GET /api/v1/calls`, by phase: how often it answered what; 0 for nothing."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked, and what was answered."""

    answers: Answers

    @property
    def cases(self) -> int:
        return sum(self._of(name).total() for name in self.answers)

    @property
    def never_asked(self) -> Sequence[str]:
        return [name for name in self.answers if not self._of(name)]

    @property
    def never_done(self) -> Mapping[str, Counter[int]]:
        """Operations that refused whatever they were asked: of what they do, nothing was tried."""
        asked = {name: answers for name in self.answers if (answers := self._of(name))}
        return {name: each for name, each in asked.items() if not any(200 <= status < 300 for status in each)}

    def never_in(self, phase: str) -> Sequence[str]:
        """Operations that the phase did not come to."""
        return [name for name, phases in self.answers.items() if not phases.get(phase)]

    def _of(self, name: str) -> Counter[int]:
        return sum(self.answers[name].values(), Counter[int]())


def tried(operations: Iterable[str], report: Path) -> Tried:
    """What a run's report (`--report ndjson`) tells of these, whether the run came to them or not."""
    answers: dict[str, dict[str, Counter[int]]] = {name: {} for name in operations}
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished", {})
        recorder = scenario.get("recorder") or {}
        for case_id, each in recorder.get("interactions", {}).items():
            case = recorder["cases"][case_id]["value"]
            name, answered = f"{case['method']} {case['path']}", each.get("response")
            # What is asked with a method that there is not is nobody's.
            if name in answers:
                counts = answers[name].setdefault(scenario["phase"], Counter())
                counts[answered["status_code"] if answered else 0] += 1
    return Tried(answers)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended, or several together."""

    found: str
    """What Schemathesis found, in its words; empty for nothing."""
    tried: Tried

    @property
    def faults(self) -> Sequence[str]:
        """Everything that is not as it should be, also in what was tried."""
        never_done = {name: each for name, each in self.tried.never_done.items() if name not in NEVER_DONE}
        return [
            *filter(None, [self.found]),
            *(f"{name} was not asked" for name in self.tried.never_asked),
            *(f"{name} refused everything: {dict(answers)}" for name, answers in never_done.items()),
        ]

    def __str__(self) -> str:
        return f"{len(self.tried.answers)} operations, {self.tried.cases} requests, {len(self.faults)} faults"
