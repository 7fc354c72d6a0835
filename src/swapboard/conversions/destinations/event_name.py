"""Names of events, as people choose them."""

from collections.abc import Mapping

from swapboard.language import _

LONGEST = 100


def event_names(settings: Mapping[str, str], call: str, form: str) -> tuple[str, str]:
    """(for calls, for forms), as set or else as given. Raises ValueError."""
    names = settings.get("call_event", "").strip() or call, settings.get("form_event", "").strip() or form
    for name in names:
        if len(name) > LONGEST or not name.isprintable():
            raise ValueError(
                _("%(name)r cannot be an event's name: at most %(longest)s letters, on one line.")
                % {"name": name[:50], "longest": LONGEST}
            )
    return names
