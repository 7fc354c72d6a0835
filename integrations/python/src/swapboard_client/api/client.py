"""The client: `with Api("https://calls.example.com", key="sb_…") as api:`."""

import time
from collections.abc import Callable
from typing import Self

import httpx

from swapboard_client.api.operations import Operations


class Api(Operations):
    """The API of a Swapboard server, as a key.

    An owner's key acts in another company of its account with `company_id`. Threads may share an `Api`.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str,
        company_id: str | None = None,
        timeout_seconds: float = 30,
        tries: int = 3,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        company = {"Swapboard-Company": company_id} if company_id else {}
        http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {key}", "User-Agent": "swapboard-client", **company},
            timeout=timeout_seconds,
            transport=transport,
        )
        super().__init__(http, tries=tries, sleep=sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
