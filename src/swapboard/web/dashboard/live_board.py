"""What everybody of one audience sees on the live page: rendered once, sent to all as the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_KEPT = 16
"""Messages of one edition: nearly all viewers saw the one before."""


@dataclass(slots=True)
class LiveBoard:
    """The parts, each with the edition in which it became what it is; the first edition is 1."""

    edition: int = 0
    _parts: dict[str, tuple[int, str]] = field(default_factory=dict)
    _messages: dict[int, bytes] = field(default_factory=dict)

    def update(self, parts: Mapping[str, str]) -> None:
        """A new edition, if any part is another now."""
        changed = {name: html for name, html in parts.items() if self._parts.get(name, (0, None))[1] != html}
        if changed:
            self.edition += 1
            self._parts |= {name: (self.edition, html) for name, html in changed.items()}
            self._messages.clear()

    def since(self, edition: int) -> bytes:
        """The message for who saw this edition last, 0 for none: the parts that changed; empty when none did."""
        if edition >= self.edition:
            return b""
        if edition not in self._messages:
            if len(self._messages) >= MOST_KEPT:
                self._messages.clear()
            fresh = {name: html for name, (changed, html) in self._parts.items() if changed > edition}
            self._messages[edition] = _message(fresh).encode()
        return self._messages[edition]


def _message(parts: Mapping[str, str]) -> str:
    """One event whose partials htmx puts in their places."""
    html = "\n".join(
        f'<hx-partial hx-target="#live-{name}" hx-swap="innerMorph">{part}</hx-partial>'
        for name, part in parts.items()
    )
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
