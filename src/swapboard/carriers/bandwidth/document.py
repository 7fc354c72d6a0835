"""A flow's step in Bandwidth's XML (BXML).

https://dev.bandwidth.com/docs/voice/bxml/transfer: the caller's own number is passed along; all PhoneNumbers ring
at once. The BXML of `transferAnswerUrl` is for whoever answered; at its end they are joined.
https://dev.bandwidth.com/docs/voice/bxml/gather: `gatherUrl` is asked with the digits, or with none.
https://dev.bandwidth.com/docs/voice/bxml/record and .../startRecording: there is no tone before a recording, and a
recording that was started goes on until it is stopped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element

from swapboard.calls.flow_state import OF_LEG, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.bandwidth.signature import CallbackLogin
from swapboard.carriers.base import CarrierResponse, Door, Links
from swapboard.carriers.xml import add, written

SILENCE_SECONDS = 5
"""How long a caller must be silent for a message to be over."""
MAX_RING_SECONDS = 300
MAX_WAIT_SECONDS = 60
MEDIA_TYPE = "application/xml"


@dataclass(frozen=True, slots=True)
class Bxml:
    """One account's documents: Bandwidth logs in where they send it."""

    login: CallbackLogin

    def document(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The BXML for a step; Bandwidth comes back to our voice door with the flow's state."""
        response = Element("Response")
        if state.records and state.awaits not in OF_LEG:
            add(response, "StopRecording")
        if not isinstance(step.act, Ask):
            _say(response, step.prompts)
        _RENDER[type(step.act)](self, response, step, state, links)
        return CarrierResponse(written(response), MEDIA_TYPE)

    def dial(self, response: Element, step: Step, state: FlowState, links: Links) -> None:
        act = step.act
        assert isinstance(act, Dial)
        login = self.login.attributes
        if act.records:
            ready = links.door(Door.RECORDING, state)
            add(
                response,
                "StartRecording",
                recordingAvailableUrl=ready,
                multiChannel=True,
                fileFormat="wav",
                **login,
            )
        action = links.door(Door.VOICE, state)
        transfer = add(response, "Transfer", callTimeout=_timeout(act), transferCompleteUrl=action, **login)
        of_leg = state.of_leg(screened=act.screened)
        for number in act.numbers:
            add(
                transfer,
                "PhoneNumber",
                number,
                transferAnswerUrl=links.door(Door.VOICE, of_leg) if act.asks_leg else None,
                transferDisconnectUrl=links.door(Door.STATUS, of_leg if act.screened else None),
                **login,
            )

    def ask(self, response: Element, step: Step, state: FlowState, links: Links) -> None:
        """The words are said within the Gather, so that a key ends them."""
        act = step.act
        assert isinstance(act, Ask)
        gather = add(
            response,
            "Gather",
            gatherUrl=links.door(Door.VOICE, state),
            maxDigits=act.most_keys,
            firstDigitTimeout=min(act.wait_seconds, MAX_WAIT_SECONDS),
            terminatingDigits=act.end_key or None,
            **self.login.attributes,
        )
        _say(gather, step.prompts)

    def take_message(self, response: Element, step: Step, state: FlowState, links: Links) -> None:
        act = step.act
        assert isinstance(act, TakeMessage)
        add(
            response,
            "Record",
            recordCompleteUrl=links.door(Door.VOICE, state),
            recordingAvailableUrl=links.door(Door.RECORDING, state),
            maxDuration=act.longest_seconds,
            silenceTimeout=SILENCE_SECONDS,
            terminatingDigits="#",
            fileFormat="wav",
            **self.login.attributes,
        )

    def hang_up(self, response: Element, _step: Step, _state: FlowState, _links: Links) -> None:
        add(response, "Hangup")

    def join(self, _response: Element, _step: Step, _state: FlowState, _links: Links) -> None:
        """A leg's document that is at its end joins it with the caller."""


_Render: TypeAlias = Callable[[Bxml, Element, Step, FlowState, Links], None]
_RENDER: Mapping[type[Act], _Render] = {
    Dial: Bxml.dial,
    Ask: Bxml.ask,
    TakeMessage: Bxml.take_message,
    HangUp: Bxml.hang_up,
    # A call that was not answered yet is turned away by it; Bandwidth has no busy tone to choose.
    Reject: Bxml.hang_up,
    Join: Bxml.join,
}


def last_resort(step: Step) -> CarrierResponse:
    """The BXML for a step that nobody hears back from."""
    response = Element("Response")
    match step.act:
        case Dial() as dial:
            transfer = add(response, "Transfer", callTimeout=_timeout(dial))
            for number in dial.numbers:
                add(transfer, "PhoneNumber", number)
        case Join():
            pass
        case _:
            add(response, "Hangup")
    return CarrierResponse(written(response), MEDIA_TYPE)


def _say(parent: Element, prompts: tuple[Prompt, ...]) -> None:
    for prompt in prompts:
        if prompt.file:
            add(parent, "PlayAudio", prompt.file)
        else:
            add(parent, "SpeakSentence", prompt.text, locale=prompt.language.replace("-", "_"))


def _timeout(dial: Dial) -> int:
    return max(1, min(dial.ring_timeout_seconds, MAX_RING_SECONDS))
