"""A flow's step in TwiML, by the official builder.

https://www.twilio.com/docs/voice/twiml/dial: with answerOnBridge the caller hears the real ringing and is not
billed before somebody answers; without callerId the caller's own number is passed through.
"""

from twilio.twiml.voice_response import VoiceResponse

from swapboard.calls.flow import Dial, FlowState, HangUp, Step
from swapboard.carriers.base import CarrierResponse, Door, Links

LEG_EVENTS = "initiated ringing answered completed"
MAX_RING_SECONDS = 600


def document(step: Step, state: FlowState, links: Links) -> CarrierResponse:
    """The TwiML for a step; Twilio comes back to our voice door with the flow's state."""
    response = VoiceResponse()
    match step:
        case Dial():
            action = links.door(Door.VOICE, state)
            dial = response.dial(answer_on_bridge=True, timeout=_timeout(step), action=action, method="POST")
            for number in step.numbers:
                dial.number(
                    number,
                    status_callback=links.door(Door.STATUS),
                    status_callback_event=LEG_EVENTS,
                    status_callback_method="POST",
                )
        case HangUp():
            response.hangup()
    return CarrierResponse(str(response))


def last_resort(step: Step) -> CarrierResponse:
    """The TwiML for a step that nobody hears back from."""
    response = VoiceResponse()
    match step:
        case Dial():
            dial = response.dial(answer_on_bridge=True, timeout=_timeout(step))
            for number in step.numbers:
                dial.number(number)
        case HangUp():
            response.hangup()
    return CarrierResponse(str(response))


def _timeout(step: Dial) -> int:
    return max(1, min(step.ring_timeout_seconds, MAX_RING_SECONDS))
