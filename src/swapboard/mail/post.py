"""Hands a letter to the mail server."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from swapboard.clock import SECOND
from swapboard.mail.outbox import Email

TIMEOUT_SECONDS = 30.0
_FIRST_PERMANENT, _TOO_LARGE = 500, 552


class NotSent(Exception):
    """The mail server did not take a letter; the message has its own words."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(words)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server, and whom its letters are from."""

    smtp_url: str
    """`smtp://name:password@host:587` (STARTTLS where the server has it), or `smtps://…:465`."""
    sender: str

    def send(self, email: Email, sound: tuple[bytes, str] | None) -> Mapping[str, str]:
        """Send a letter, with the sound (bytes, media type) attached; who of its readers was refused, and why.

        Raises NotSent where the server took it for nobody.
        """
        with _in_its_words(), _left_politely(self._server()) as server:
            self._log_in(server)
            refused = server.send_message(self._message(email, sound))
        return {address: _said(*said) for address, said in refused.items()}

    def try_out(self) -> None:
        """Whether it is there and lets us in, without a letter. Raises NotSent."""
        with _in_its_words(), _left_politely(self._server()) as server:
            self._log_in(server)
            server.ehlo_or_helo_if_needed()

    def _message(self, email: Email, sound: tuple[bytes, str] | None) -> EmailMessage:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = email.subject, self.sender, email.recipient
        message["Date"] = formatdate(email.written_at / SECOND)
        # The same for each try, so that a letter that came twice is shown once.
        message["Message-ID"] = f"<{email.email_id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        if email.stop_address:
            # RFC 8058: the reader's own program offers to send no more, and says so by a POST.
            message["List-Unsubscribe"] = f"<{email.stop_address}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(email.plain)
        message.add_alternative(email.html, subtype="html")
        if sound:
            content, media_type = sound
            main, _, kind = media_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=kind, filename=f"message.{kind}")
        if email.attachment:
            message.add_attachment(
                email.attachment, maintype="application", subtype="pdf", filename=email.attachment_name
            )
        return message

    def _server(self) -> smtplib.SMTP:
        parts = urlsplit(self.smtp_url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)

    def _log_in(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.smtp_url)
        if parts.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if not parts.username:
            return
        try:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        except UnicodeEncodeError:
            # Its owner can mend it, too. Not `from` the error, which holds the password.
            words = "The mail server's name and password can only be said in ASCII: choose another password."
            raise NotSent(words, permanent=False) from None


@contextmanager
def _in_its_words() -> Iterator[None]:
    """Whatever goes wrong is a NotSent."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        # What one of them may get later is tried again.
        code, words = min(error.recipients.values(), key=lambda said: said[0])
        raise NotSent(_said(code, words), permanent=code >= _FIRST_PERMANENT) from error
    except smtplib.SMTPAuthenticationError as error:
        # Its owner can mend it: not the letter's fault.
        raise NotSent(_said(error.smtp_code, error.smtp_error), permanent=False) from error
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= _FIRST_PERMANENT and _is_of_the_letter(error)
        raise NotSent(_said(error.smtp_code, error.smtp_error), permanent=permanent) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"The mail server cannot be reached: {error}", permanent=False) from error


@contextmanager
def _left_politely(server: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """Whatever the server answers to our leaving, the letter is what it said of that."""
    try:
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _is_of_the_letter(error: smtplib.SMTPResponseException) -> bool:
    """False where we are not let in, or not as this sender: who runs this server mends that, and letters wait."""
    return isinstance(error, smtplib.SMTPDataError) or error.smtp_code == _TOO_LARGE


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
