"""The doors that a server under measurement has beside its own."""

BARE = "/bench/bare"
READY = "/bench/ready"
