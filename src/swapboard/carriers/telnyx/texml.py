"""TeXML is TwiML with a few differences, which are these.

https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/dial, .../gather, .../record, .../say: a
Dial rings for 5 to 120 seconds; a Gather has no method of its own, does not come back without keys and knows
no empty `finishOnKey`; a Record that listens for silence is charged for transcription; only the voice `alice`
speaks other languages than American English.
"""

from swapboard.carriers.twilio.twiml import Flavour

TEXML = Flavour(
    shortest_ring_seconds=5,
    longest_ring_seconds=120,
    silence_seconds=None,
    asks_without_keys=False,
    says_method_of_gather=False,
    tells_recording_events=False,
    takes_no_end_key=False,
    voice="alice",
)
