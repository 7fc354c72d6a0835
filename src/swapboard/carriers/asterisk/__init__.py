"""Asterisk as a carrier: we command its calls by its REST interface (`swapboard/lines/ari`)."""

from swapboard.carriers.asterisk.adapter import AsteriskKind

carrier = AsteriskKind()
