"""A SIP trunk of one's own as a carrier: its calls come to this machine itself (`swapboard/lines`)."""

from swapboard.carriers.lines.adapter import LinesKind

carrier = LinesKind()
