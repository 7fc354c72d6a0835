"""Meta (Facebook, Instagram), by its Conversions API."""

from swapboard.conversions.destinations.meta.kind import MetaKind

kind = MetaKind()
