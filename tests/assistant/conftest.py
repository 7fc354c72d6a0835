"""The API's server and cast, to be asked by an assistant."""

from tests.web.api.conftest import anyio_backend, app, clock, exchange, house

__all__ = ["anyio_backend", "app", "clock", "exchange", "house"]
