"""What was said or kept in English is told in the reader's language, also with something filled in.

A carrier or platform is asked by nobody in particular, mostly in the background: what comes of it is kept as an
English sentence. Its own words within the sentence stay as they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from swapboard.clock import DAY, HOUR, MINUTE
from swapboard.language import ENGLISH, current
from swapboard.web.dashboard.spans import so_many
from swapboard.web.dashboard.translation import _

LONGEST = 2000
"""A text of more letters is no sentence of ours."""

_SENTENCES = (
    _("%(rest)s Whether %(number)s was bought is not known: look into your %(carrier)s account first."),
    _("%(rest)s %(number)s was bought all the same."),
    _("%(carrier)s has not yet carried out the order of %(number)s."),
    _("%(who)s did not answer: %(rest)s"),
    _("%(who)s did not answer. %(rest)s"),
    _("%(who)s did not do it: %(rest)s"),
    _("%(who)s's answer could not be read."),
    _("%(who)s' answer could not be read."),
    _("%(who)s's answer could not be read: %(rest)s"),
    _("%(who)s's answer does not end."),
    _("The carrier cannot be asked: %(rest)s"),
    _("%(who)s's next page is at another address."),
    _("%(who)s's report is at an address that is not safe."),
    _("%(who)s's report could not be fetched (HTTP %(status)s)."),
    _("%(who)s's report is too large."),
    _("%(who)s's report could not be read."),
    _("%(who)s could not make the report."),
    _("%(who)s did not make the report in time."),
    _("%(who)s's answer to the refresh token holds no access token."),
    _("The %(field)s is missing."),
    _("The credentials lack %(fields)s."),
    _("%(who)s answered with HTTP %(status)s."),
    _("What the European Central Bank answered cannot be read. %(rest)s"),
    _("%(who)s: the request was refused without a reason"),
    _("%(who)s: the request was refused without a reason (HTTP %(status)s)"),
    _("%(carrier)s: the order of %(number)s failed."),
    _("%(carrier)s: %(rest)s (order %(order)s)"),
    _("%(carrier)s has not carried out the order %(order)s yet."),
    _("%(carrier)s sells no numbers of %(country)s this way."),
    _("%(carrier)s is not recording this call at the moment."),
    _("%(carrier)s has this recording as MP3 only, which is not read here."),
    _("%(carrier)s has it not yet."),
    _("%(carrier)s sends texts only from a messaging application: give its ID with the account."),
    _("%(ref)s is not a recording of %(carrier)s."),
    _("%(ref)s is not a number of %(carrier)s's."),
    _("%(ref)s is no call of %(carrier)s's."),
    _("%(ref)s is no id of %(carrier)s."),
    _("%(number)s is not among this carrier's numbers; add it there."),
    _("The account does not have %(number)s: it was given up, or is in another one."),
    _("The recording cannot be decoded: %(rest)s"),
    _("The model could not hear it: %(rest)s"),
    _("The model in %(folder)s cannot be loaded: %(rest)s"),
    _("The mail server cannot be reached: %(rest)s"),
    _("No answer: %(rest)s."),
    _("tapped or copied the number %(ago)s before"),
    _("had this number until %(ago)s before"),
    _("was last heard of %(ago)s before"),
)
"""The longest wins; what is `rest` may be a sentence of ours again."""
_PLAIN = (
    _("the order failed"),
    _("The carrier's answer could not be read."),
    _("on the page with this number when it rang"),
    _("There is no such recording on this machine."),
    _("Its list took too long to read; it is read anew."),
    _("This recording is no WAV file; to read others, install swapboard[transcribe]."),
    _("The recording goes on for more than four hours: that is not written down."),
    _("This server was stopped meanwhile."),
    _("No mail server is set: whoever runs this server sets SWAPBOARD_SMTP_URL."),
    _(
        "These credentials were encrypted with another secret.key: put that file back into the data folder, "
        "or type the credentials in again."
    ),
    _("There are no visits to replay yet."),
)
"""Said below the dashboard, where nobody's language is known; here they stand to be translated."""
_NAMES = (_("The European Central Bank"), _("This server"))
_GAP = re.compile(r"%\(([a-z]+)\)s")


def retold(said: object) -> str:
    """The same in the reader's language, as far as the words are ours."""
    text = str(said)
    if current() == ENGLISH or len(text) > LONGEST:
        return text
    if (known := _(text)) != text:
        return known
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return _(sentence) % _filled(found.groupdict())
    return text


def _filled(gaps: Mapping[str, str]) -> Mapping[str, str]:
    told: Mapping[str, Callable[[str], str]] = {"rest": retold, "ago": _ago}
    return {name: told.get(name, _)(said) for name, said in gaps.items()}


def _ago(said: str) -> str:
    """`5 minutes`, as the matching says how long ago something was."""
    number, _space, unit = said.partition(" ")
    unit_ms = {"minute": MINUTE, "hour": HOUR, "day": DAY}.get(unit.rstrip("s"))
    return so_many(int(number), unit_ms) if unit_ms and number.isdigit() else _("less than a minute")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    written = sorted(_SENTENCES, key=lambda sentence: -len(_GAP.sub("", sentence)))
    return tuple((sentence, re.compile("".join(_parts(sentence)), re.DOTALL)) for sentence in written)


def _parts(sentence: str) -> Iterator[str]:
    for place, part in enumerate(_GAP.split(sentence)):
        yield f"(?P<{part}>.+?)" if place % 2 else re.escape(part)
