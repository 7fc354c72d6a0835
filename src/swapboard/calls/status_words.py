"""What people read of how a call stands."""

from collections.abc import Mapping

from swapboard.calls.call import Status
from swapboard.language import Words, _

STATUS: Mapping[Status, str] = Words(
    {
        Status.RINGING: _("Ringing"),
        Status.IN_PROGRESS: _("Talking"),
        Status.ANSWERED: _("Answered"),
        Status.MISSED: _("Missed"),
        Status.VOICEMAIL: _("Voicemail"),
        Status.BUSY: _("Busy"),
        Status.FAILED: _("Failed"),
        Status.BLOCKED: _("Blocked"),
        Status.ABANDONED: _("Hung up early"),
    }
)
