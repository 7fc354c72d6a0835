"""What goes wrong at Twilio's REST API, as CarrierErrors that say whether trying again will help.

https://www.twilio.com/docs/usage/requests-to-twilio and /docs/usage/twilios-response: an error's body has a
`message` and a `code`; 429 and 5xx pass, other 4xx do not.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from swapboard.carriers.base import CarrierError, Fault, TextStopped
from swapboard.carriers.rest import LONGEST_WORDS, UNDONE_STATUSES, fault_of, up_to_three_times

T = TypeVar("T")

UNSUBSCRIBED = "21610"
"""https://www.twilio.com/docs/api/errors/21610: the recipient wrote STOP to this number."""


def once(ask: Callable[[], T]) -> T:
    """Ask Twilio once. Raises CarrierError."""
    with _told_plainly():
        return ask()


def patiently(ask: Callable[[], T]) -> T:
    """Ask up to three times: only for what may be asked twice. Raises CarrierError."""
    return up_to_three_times(lambda: once(ask))


def refuse(status: int, words: str, code: int | str | None = None) -> NoReturn:
    """Raise the CarrierError for an answer with this HTTP status."""
    known = f"HTTP {status}, error {code}" if code not in {None, status} else f"HTTP {status}"
    told = f"Twilio: {words[:LONGEST_WORDS]} ({known})"
    if str(code) == UNSUBSCRIBED:
        raise TextStopped(told)
    raise CarrierError(told, fault_of(status), is_undone=status in UNDONE_STATUSES)


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
        words = f"Twilio did not answer: {type(error).__name__}."
        raise CarrierError(words, Fault.CARRIER, is_undone=_reached_nobody(error)) from error
    except ValueError as error:
        raise CarrierError("Twilio's answer could not be read.", Fault.CARRIER) from error


def _reached_nobody(error: Exception) -> bool:
    """True when there was no connection at all; requests keeps why urllib3 gave up."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, ConnectTimeoutError | NewConnectionError)


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
