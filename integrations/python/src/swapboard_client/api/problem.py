"""What the API answers when it does not do what it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal (RFC 9457): `code` is for programs and stays the same, `detail` is for people."""

    status: int
    code: str
    detail: str
    errors: tuple[Mapping[str, str], ...] = ()
    """What is wrong with each field: `pointer` in the body or `parameter` of the question, and `detail`."""
    retry_after_seconds: int | None = None

    def __str__(self) -> str:
        where = [each.get("parameter") or each.get("pointer") for each in self.errors]
        fields = [f"{each}: {error['detail']}" for each, error in zip(where, self.errors, strict=True)]
        return " ".join([f"{self.status} {self.code}: {self.detail}", *fields])


def problem_of(response: httpx.Response) -> ApiError:
    """The refusal in an answer; what is between us and the server may answer in another way."""
    wait = response.headers.get("retry-after", "")
    retry_after = int(wait) if wait.isdecimal() else None
    try:
        told: Any = response.json()
        return ApiError(response.status_code, told["code"], told["detail"], tuple(told["errors"]), retry_after)
    except (ValueError, KeyError, TypeError):
        return ApiError(response.status_code, "no_problem", response.text[:200], retry_after_seconds=retry_after)
