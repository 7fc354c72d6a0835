"""The carriers that play the stories: one line each."""

from tests.carriers.bandwidth.network import BANDWIDTH
from tests.carriers.plivo.network import PLIVO
from tests.carriers.signalwire.network import SIGNALWIRE
from tests.carriers.stories.plug import Plug
from tests.carriers.telnyx.network import TELNYX
from tests.carriers.twilio.network import TWILIO
from tests.carriers.vonage.network import VONAGE

CAST: tuple[Plug, ...] = (TWILIO, TELNYX, SIGNALWIRE, PLIVO, BANDWIDTH, VONAGE)
