"""Whether what a form changes is still as its reader saw it: two people may change the same, or one in two tabs.

The page carries the stamp of what it showed, in a hidden field. Who saves second is asked, and not just obeyed; a
program that sends the form without a stamp is obeyed.
"""

from hashlib import blake2b

from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.translation import _

FIELD = "stamp"


def stamp_of(*told: object) -> str:
    """The same for what looks the same."""
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def is_overtaken(form: Form, stamp: str) -> bool:
    """Whether somebody changed it since the form was shown; `stamp` is of what there is now."""
    return form.one(FIELD) not in {"", stamp}


def overtaken_words() -> str:
    """What to tell whoever saves second."""
    return _("Somebody changed this since you opened it. Save it once more to put yours in its place.")
