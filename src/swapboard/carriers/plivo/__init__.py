"""Plivo (https://www.plivo.com/docs/voice)."""

from swapboard.carriers.plivo.adapter import PlivoKind

carrier = PlivoKind()
