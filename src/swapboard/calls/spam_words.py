"""What gave a call away as spam, or spoke for it, as people read it."""

from collections.abc import Mapping

from swapboard.calls.spam import Signal
from swapboard.language import Words, _

SIGNAL: Mapping[Signal, str] = Words(
    {
        Signal.BLOCKED: _("You blocked this caller."),
        Signal.ALLOWED: _("The caller is on your list of good numbers."),
        Signal.HONEYPOT: _("The caller rang a number that nobody is shown."),
        Signal.NUMBERS: _("The caller rang several of your numbers within ten minutes."),
        Signal.CALLS: _("The caller rang six times or more within an hour."),
        Signal.ATTESTED_C: _("The caller's carrier vouches only for where the call came in."),
        Signal.ATTESTED_A: _("The caller's carrier vouches for the number."),
        Signal.IMPOSSIBLE: _("Nobody can have this number."),
        Signal.NEIGHBOUR: _("It begins like the number that was rung, as forged numbers often do."),
        Signal.WITHHELD: _("The number is withheld."),
        Signal.SPAM_BEFORE: _("Earlier calls of this caller were spam."),
        Signal.TALKED_BEFORE: _("You talked with this caller before."),
    }
)
