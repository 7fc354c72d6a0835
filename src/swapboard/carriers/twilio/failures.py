"""What goes wrong at Twilio's REST API, as CarrierErrors that say whether trying again will help.

https://www.twilio.com/docs/usage/requests-to-twilio and /docs/usage/twilios-response: an error's body has a
`message` and a `code`; 429 and 5xx pass, other 4xx do not.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import httpx
import stamina
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response

from swapboard.carriers.base import CarrierError, Fault

T = TypeVar("T")

_PASSING_STATUSES = frozenset((408, 425, 429))
_ACCOUNT_STATUSES = frozenset((401, 402, 403))
_LONGEST_WORDS = 500
_patient_caller = stamina.RetryingCaller(attempts=3, timeout=30.0, wait_initial=0.2, wait_max=2.0)


def once(ask: Callable[[], T]) -> T:
    """Ask Twilio once. Raises CarrierError."""
    with _told_plainly():
        return ask()


def patiently(ask: Callable[[], T]) -> T:
    """Ask up to three times: only for what may be asked twice. Raises CarrierError."""
    return _patient_caller(_may_pass, once, ask)


def refuse(status: int, words: str, code: int | str | None = None) -> NoReturn:
    """Raise the CarrierError for an answer with this HTTP status."""
    known = f"HTTP {status}, error {code}" if code not in {None, status} else f"HTTP {status}"
    raise CarrierError(f"Twilio: {words[:_LONGEST_WORDS]} ({known})", _fault(status))


def _fault(status: int) -> Fault:
    if not 400 <= status < 500 or status in _PASSING_STATUSES:
        return Fault.CARRIER
    return Fault.ACCOUNT if status in _ACCOUNT_STATUSES else Fault.REQUEST


def _may_pass(error: Exception) -> bool:
    return isinstance(error, CarrierError) and not error.permanent


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except TwilioRestException as error:
        refuse(error.status, error.msg, error.code)
    except TwilioServiceException as error:
        refuse(error.status, error.detail or error.title, error.code)
    except TwilioException as error:
        _refuse_page(error)
    except (OSError, httpx.TransportError) as error:  # requests' own errors are OSErrors
        raise CarrierError(f"Twilio did not answer: {type(error).__name__}.", Fault.CARRIER) from error
    except ValueError as error:
        raise CarrierError("Twilio's answer could not be read.", Fault.CARRIER) from error


def _refuse_page(error: TwilioException) -> NoReturn:
    """The package puts the answer to a refused list into the exception's arguments, as it came."""
    answer = error.args[1] if len(error.args) > 1 else None
    if not isinstance(answer, Response):
        raise CarrierError(f"Twilio's answer could not be read: {error}", Fault.CARRIER) from error
    try:
        told = json.loads(answer.text)
        words, code = str(told["message"]), told.get("code")
    except (ValueError, TypeError, KeyError, AttributeError):
        words, code = "the request was refused without a reason", None
    refuse(answer.status_code, words, code)
