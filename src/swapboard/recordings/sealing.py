"""Transcripts as they are kept: sealed with the installation's key, and found by keyed hashes of their words.

Nobody who has only the database can read what was said, nor which words a hash stands for; what they can see is
how often the same unknown word was said in how many calls.
"""

import hmac
import zlib
from collections.abc import Iterable
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from swapboard.accounts.secrets import Vault
from swapboard.calls.card_numbers import REDACTED
from swapboard.calls.phrases import forms_of
from swapboard.calls.transcript import Transcript, tokens_in
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.transcripts import Written

_TRANSCRIPT = TypeAdapter(Transcript)
MOST_SEARCHED = 8


class Sealer:
    """Seals and opens with the key of one data folder."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key = vault.signing_key("words of transcripts").encode()

    def write(self, company_id: str, transcript: Transcript) -> Written:
        """The transcript as it is kept."""
        content = zlib.compress(_TRANSCRIPT.dump_json(transcript))
        words = {
            token
            for segment in transcript.segments
            for word in segment.words
            if word.text != REDACTED
            for token in tokens_in(word.text)
        }
        return Written(self._vault.encrypt(content).decode(), self._tokens(company_id, words))

    def read(self, sealed: str) -> Transcript:
        """The transcript again. Raises Damaged."""
        try:
            return _TRANSCRIPT.validate_json(zlib.decompress(self._vault.decrypt(sealed.encode())))
        except (ValueError, ValidationError, zlib.error) as error:
            raise Damaged(f"the transcript cannot be opened: {error}") from error

    def searched(self, company_id: str, text: str) -> tuple[tuple[int, ...], ...]:
        """For each word that is searched for, the hashes of its forms."""
        words = dict.fromkeys(tokens_in(text))
        return tuple(tuple(self._tokens(company_id, forms_of(word))) for word in list(words)[:MOST_SEARCHED])

    def _tokens(self, company_id: str, words: Iterable[str]) -> list[int]:
        return sorted({self._token(company_id, word) for word in words})

    def _token(self, company_id: str, word: str) -> int:
        """64 bits, signed as databases have them; of each company its own."""
        digest = hmac.new(self._key, f"{company_id}\0{word}".encode(), sha256).digest()
        return int.from_bytes(digest[:8], "big", signed=True)
