"""How pages call what a destination is told, and what became of it."""

from collections.abc import Mapping

from swapboard.conversions.event import Event
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import State
from swapboard.web.dashboard.translation import Words, _

EVENT: Mapping[Event, str] = Words(
    {
        Event.BEFORE_ANSWER: _("It rings, and nobody has answered yet"),
        Event.ANSWERED: _("It was answered"),
        Event.ENDED: _("It ended"),
        Event.MISSED: _("It was missed"),
        Event.RECORDING_READY: _("Its recording is ready"),
        Event.TRANSCRIPT_READY: _("Its transcript is ready"),
        Event.ATTRIBUTION_CHANGED: _("It is credited to another visit"),
        Event.CHANGED: _("Somebody changed its tags, value or judgement"),
        Event.FORGOTTEN: _("Who called, or whose visit it was, is to be forgotten"),
    }
)
SAYING: Mapping[Saying | Event, str] = Words(
    {
        Saying.CONVERT: _("conversion"),
        Saying.RESTATE: _("another value"),
        Saying.RETRACT: _("taken back"),
        **{event: EVENT[event] for event in EVENT},
    }
)
STATE: Mapping[State, str] = Words(
    {
        State.WAITING: _("Waiting"),
        State.SENT: _("Told"),
        State.FAILED: _("Refused"),
        State.WITHHELD: _("Not sent"),
    }
)
