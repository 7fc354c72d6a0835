"""Pipedrive: persons and their activities."""

from swapboard.conversions.destinations.pipedrive.kind import PipedriveKind

kind = PipedriveKind()
