"""The whole API of a Swapboard server, with types."""

from swapboard_client.api.client import Api
from swapboard_client.api.problem import ApiError

__all__ = ["Api", "ApiError"]
