"""The carriers that play the stories: one line each."""

from tests.carriers.stories.plug import Plug
from tests.carriers.twilio.network import TWILIO

CAST: tuple[Plug, ...] = (TWILIO,)
