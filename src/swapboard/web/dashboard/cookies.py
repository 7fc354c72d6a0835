"""The cookie that says who is logged in, signed."""

from itsdangerous import SignatureExpired, TimestampSigner
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp


class Cookies(SessionMiddleware):
    """Starlette's own; a clock that is set back, or another server's that is a little behind, logs nobody out."""

    def __init__(
        self, app: ASGIApp, secret_key: str, session_cookie: str, max_age: int, *, https_only: bool
    ) -> None:
        super().__init__(app, secret_key, session_cookie, max_age, same_site="lax", https_only=https_only)
        self.signer = _Signer(secret_key)


class _Signer(TimestampSigner):
    def unsign(  # type: ignore[override]  # theirs is told by the flag what it answers; nobody here asks when
        self, signed_value: str | bytes, max_age: int | None = None
    ) -> bytes:
        """What was signed, also when that was later than now: the signature is right."""
        try:
            return super().unsign(signed_value, max_age)
        except SignatureExpired as expired:
            signed_at = expired.date_signed
            if (
                not expired.payload
                or not signed_at
                or self.get_timestamp() - signed_at.timestamp() > (max_age or 0)
            ):
                raise
            return bytes(expired.payload)
