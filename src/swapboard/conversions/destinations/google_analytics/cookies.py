"""Who a visitor is to Google Analytics, from its cookies on the page.

`_ga` is `GA1.1.RANDOM.SECONDS`: the client id is its last two parts. `_ga_CONTAINER` tells the session: the third
part of the older `GS1.1.SESSION.COUNT.…`, or the field `s` of `GS2.1.sSESSION$oCOUNT$…`, in any order.
"""

from collections.abc import Mapping


def client_id(cookies: Mapping[str, str]) -> str | None:
    """The client id, or None."""
    parts = cookies.get("_ga", "").split(".")
    if len(parts) < 4 or not all(_is_number(part) for part in parts[-2:]):
        return None
    return ".".join(parts[-2:])


def session_id(cookies: Mapping[str, str], measurement_id: str) -> str | None:
    """The session's id for this property (`G-…`), or None."""
    version, _, rest = cookies.get(f"_ga_{measurement_id.removeprefix('G-')}", "").partition(".")
    _, _, fields = rest.partition(".")
    match version:
        case "GS1":
            found = fields.partition(".")[0]
        case "GS2":
            found = next((each[1:] for each in fields.split("$") if each.startswith("s")), "")
        case _:
            return None
    return found if _is_number(found) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
