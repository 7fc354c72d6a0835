"""Bandwidth (https://dev.bandwidth.com/docs/voice)."""

from swapboard.carriers.bandwidth.adapter import BandwidthKind

carrier = BandwidthKind()
