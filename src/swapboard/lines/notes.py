"""The events of a call on a line of ours, as carriers tell them: the same again whenever they are told."""

from dataclasses import dataclass, replace

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_state import SCREENED, FlowState
from swapboard.clock import Clock
from swapboard.lines.side import Arrival, Recorded, Talk

_STARTED, _RINGING, _ANSWERED, _ENDED = range(4)
_SURVEYED = 10
"""Where the survey's keys begin among a leg's keys, of which the gate's come first."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Writes events about one call."""

    arrival: Arrival
    clock: Clock

    def arrived(self) -> CallEvent:
        """The call is here."""
        return self._own(EventKind.ARRIVED, 0)

    def ended(self, outcome: Outcome | None) -> CallEvent:
        """The caller's side is over."""
        return self._own(EventKind.CALL_ENDED, 0, outcome=outcome)

    def dialled(self, state: FlowState, outcome: Outcome, talk: Talk | None, joined_leg: str | None) -> CallEvent:
        """A dialling is over."""
        seconds = talk.seconds if talk else None
        return self._own(
            EventKind.DIAL_ENDED, state.told, outcome=outcome, talk_seconds=seconds, joined_leg=joined_leg
        )

    def recorded(self, state: FlowState, recording_ref: str) -> CallEvent:
        """The recording of a talk is ready."""
        return self._own(EventKind.RECORDED, state.told, recording_ref=recording_ref)

    def keyed(self, state: FlowState, keys: str) -> CallEvent:
        """The caller pressed keys, or none in time."""
        return self._own(EventKind.KEYS, state.told, keys=keys)

    def message(self, state: FlowState, left: Recorded) -> CallEvent:
        """The caller left a message, or none."""
        return self._own(
            EventKind.MESSAGE, state.told, message_seconds=left.seconds, recording_ref=left.recording_ref
        )

    def leg_started(self, leg_ref: str, number: str) -> CallEvent:
        """A number is being rung."""
        return self._of_leg(leg_ref, number, EventKind.LEG_STARTED, _STARTED)

    def leg_ringing(self, leg_ref: str, number: str) -> CallEvent:
        """Its phone rings."""
        return self._of_leg(leg_ref, number, EventKind.LEG_RINGING, _RINGING)

    def leg_answered(self, leg_ref: str, number: str, *, screened: bool) -> CallEvent:
        """Somebody, or a mailbox, picked up."""
        return self._of_leg(leg_ref, number, EventKind.LEG_ANSWERED, _ANSWERED, screened=screened)

    def leg_ended(self, leg_ref: str, number: str, outcome: Outcome, seconds: int | None) -> CallEvent:
        """It rings or talks no longer."""
        return self._of_leg(leg_ref, number, EventKind.LEG_ENDED, _ENDED, outcome=outcome, talk_seconds=seconds)

    def leg_asks(self, leg_ref: str, number: str, state: FlowState) -> CallEvent:
        """Whoever picked up is to hear something first."""
        return self._of_leg(leg_ref, number, EventKind.LEG_ASKS, 0, screened=state.awaits in SCREENED)

    def leg_keyed(self, leg_ref: str, number: str, keys: str) -> CallEvent:
        """They pressed a key, or none in time."""
        return self._of_leg(leg_ref, number, EventKind.LEG_KEYS, 1, screened=True, keys=keys)

    def leg_left(self, leg_ref: str, number: str) -> CallEvent:
        """The caller has hung up; they are still on the line."""
        return self._of_leg(leg_ref, number, EventKind.LEG_LEFT, 0)

    def leg_surveyed(self, leg_ref: str, number: str, question: int, keys: str) -> CallEvent:
        """They answered a question of the survey by keys, or not in time."""
        return self._of_leg(leg_ref, number, EventKind.LEG_KEYS, _SURVEYED + question, keys=keys)

    def _own(self, kind: EventKind, sequence: int, **facts: object) -> CallEvent:
        arrival = self.arrival
        known = Facts(
            dialled=arrival.dialled,
            caller=arrival.caller,
            withheld=arrival.withheld,
            caller_name=arrival.caller_name,
            attestation=arrival.attestation,
        )
        return self._event("", kind, sequence, replace(known, **facts))  # type: ignore[arg-type]

    def _of_leg(self, leg_ref: str, number: str, kind: EventKind, sequence: int, **facts: object) -> CallEvent:
        return self._event(leg_ref, kind, sequence, replace(Facts(leg_number=number), **facts))  # type: ignore[arg-type]

    def _event(self, leg_ref: str, kind: EventKind, sequence: int, facts: Facts) -> CallEvent:
        return CallEvent(self.arrival.call_ref, leg_ref, kind, sequence, self.clock(), facts)
