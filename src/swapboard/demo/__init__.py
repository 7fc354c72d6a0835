"""A whole Swapboard with an invented business, to look at and to play with."""
