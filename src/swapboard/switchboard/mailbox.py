"""Letters of destinations go straight to the mail server: the outbox of deliveries is theirs already."""

from urllib.parse import unquote

from pydantic import BaseModel

from swapboard.clock import Millis
from swapboard.conversions.destinations.request import Answer, Request, Unreached
from swapboard.mail.outbox import Email, State
from swapboard.mail.post import NotSent, Post
from swapboard.settings import Settings

MAILTO = "mailto:"


class _Letter(BaseModel):
    id: str
    subject: str
    plain: str
    html: str


class Mailbox:
    """The server's own mail server, as destinations reach it: by a request to `mailto:`."""

    def __init__(self, settings: Settings) -> None:
        self._post = Post(settings.smtp_url, settings.mail_from) if settings.smtp_url else None

    def post(self, request: Request, now: Millis) -> Answer:
        """Send the letter; what the mail server refuses for good is its answer. Raises Unreached."""
        if self._post is None:
            raise Unreached("No mail server is set: whoever runs this server sets SWAPBOARD_SMTP_URL.")
        letter = _Letter.model_validate_json(request.body)
        to = ", ".join(unquote(each) for each in request.url.removeprefix(MAILTO).split(","))
        about = "", letter.id, "destination", to, letter.subject, letter.plain, letter.html
        email = Email(*about, None, State.WAITING, now, now, 1, None)
        try:
            refused = self._post.send(email, None)
        except NotSent as error:
            if error.permanent:
                return Answer(422, {}, str(error).encode())
            raise Unreached(str(error)) from error
        return Answer(250, {}, "; ".join(f"{address} ({words})" for address, words in refused.items()).encode())
