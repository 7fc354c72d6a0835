"""What the dashboard says of what was said in calls, of rules for good leads, and of scores."""

from collections.abc import Mapping

from swapboard.calls.call import Status
from swapboard.calls.judgement import By
from swapboard.calls.lead_rules import Ground, LeadRule, Reason
from swapboard.calls.lead_score import Sign
from swapboard.calls.phrases import Meaning, SaidBy
from swapboard.calls.status_words import STATUS
from swapboard.calls.transcript import Side
from swapboard.language import duration, joined, lowered
from swapboard.web.dashboard import written
from swapboard.web.dashboard.moments import spelled
from swapboard.web.dashboard.translation import Words, _
from swapboard.web.dashboard.words import brief

SIDE: Mapping[Side, str] = Words(
    {
        Side.CALLER: _("Caller"),
        Side.AGENT: _("Your side"),
        Side.UNKNOWN: _("Somebody"),
    }
)

SAID_BY: Mapping[SaidBy, str] = Words(
    {
        SaidBy.ANYBODY: _("anybody"),
        SaidBy.CALLER: _("the caller"),
        SaidBy.AGENT: _("your side"),
    }
)

_WHO: Mapping[SaidBy, str] = Words(
    {
        SaidBy.ANYBODY: _("somebody"),
        SaidBy.CALLER: _("the caller"),
        SaidBy.AGENT: _("your side"),
    }
)

MEANING: Mapping[Meaning, str] = Words(
    {
        Meaning.NOTHING: _("nothing"),
        Meaning.GOOD: _("for a good lead"),
        Meaning.BAD: _("against it"),
    }
)

SIGN: Mapping[Sign, str] = Words(
    {
        Sign.LONG_TALK: _("You talked for two minutes or longer."),
        Sign.TALK: _("You talked for 45 seconds or longer."),
        Sign.SHORT_TALK: _("You talked for less than 15 seconds."),
        Sign.NOT_REACHED: _("Nobody talked with the caller."),
        Sign.MESSAGE: _("The caller left a message."),
        Sign.FIRST_CALL: _("It is the caller's first call."),
        Sign.CALLED_BEFORE: _("The caller called before, or nobody can tell."),
        Sign.PAID: _("An advertisement brought the call."),
        Sign.BOTH_SPOKE: _("Both sides spoke, neither much more than the other."),
        Sign.ONE_SIDED: _("One side hardly spoke."),
        Sign.GOOD_WORDS: _("Words that speak for a good lead were said:"),
        Sign.BAD_WORDS: _("Words that speak against one were said:"),
        Sign.SPAM: _("It counts as spam."),
    }
)

BY: Mapping[By, str] = Words(
    {
        By.PERSON: _("somebody of yours said so"),
        By.SURVEY: _("a key that was pressed at the call's end said so"),
        By.RULES: _("a rule says so"),
    }
)


def reason(each: Reason) -> str:
    """Why a rule fits, as part of a sentence: what was so in the call."""
    facts = {
        "text": lowered(STATUS[Status(each.text)]) if each.ground is Ground.OUTCOME else brief(each.text),
        "who": _WHO[each.said_by],
        "at": duration(each.at) if each.at is not None else "",
        "number": _amount(each.ground, each.number),
        "asked": _amount(each.ground, each.asked),
    }
    return _GROUND[each.ground] % facts


def _amount(ground: Ground, number: float | None) -> str:
    if number is None:
        return ""
    if ground is Ground.SHARE:
        return written.percent(number)
    return f"{number:.0f}" if ground is Ground.SCORE else spelled(number)


_GROUND: Mapping[Ground, str] = Words(
    {
        Ground.TALKED: _("the talk took %(number)s (%(asked)s at least)"),
        Ground.TALKED_SHORT: _("the talk took only %(number)s (less than %(asked)s)"),
        Ground.SAID: _("%(who)s said “%(text)s” at %(at)s"),
        Ground.NEVER_SAID: _("%(who)s never said “%(text)s”"),
        Ground.FIRST_CALL: _("it is the caller's first call"),
        Ground.CALLED_BEFORE: _("the caller called before"),
        Ground.OUTCOME: _("it was %(text)s"),
        Ground.CHANNEL: _("it came by %(text)s"),
        Ground.CAMPAIGN: _("it came by the campaign %(text)s"),
        Ground.NUMBER: _("%(text)s was dialled"),
        Ground.SHARE: _("the caller's part of the talk was %(number)s (%(asked)s at least)"),
        Ground.SCORE: _("its score is %(number)s (%(asked)s at least)"),
        Ground.ALWAYS: _("the rule fits every call"),
    }
)


_SAYS: Mapping[SaidBy, str] = Words(
    {
        SaidBy.ANYBODY: _("somebody says “%s”"),
        SaidBy.CALLER: _("the caller says “%s”"),
        SaidBy.AGENT: _("your side says “%s”"),
    }
)
_NEVER_SAYS: Mapping[SaidBy, str] = Words(
    {
        SaidBy.ANYBODY: _("somebody never says “%s”"),
        SaidBy.CALLER: _("the caller never says “%s”"),
        SaidBy.AGENT: _("your side never says “%s”"),
    }
)


def lead_rule(rule: LeadRule, currency: str) -> str:
    """A rule for good leads, as a sentence; money is in the currency."""
    asked, then = rule.conditions, rule.outcome
    told = {
        _("the talk takes %s at least"): spelled(asked.talk_seconds) if asked.talk_seconds is not None else "",
        _("the talk takes less than %s"): spelled(asked.talk_seconds_below)
        if asked.talk_seconds_below is not None
        else "",
        _SAYS[asked.said_by]: _("” or “").join(asked.says),
        _NEVER_SAYS[asked.said_by]: _("” or “").join(asked.never_says),
        _("it ends as: %s"): _(" or ").join(lowered(STATUS[each]) for each in asked.outcomes),
        _("it comes by %s"): _(" or ").join(asked.channels),
        _("its campaign is %s"): _(" or ").join(asked.campaigns),
        _("%s is dialled"): _(" or ").join(asked.numbers),
        _("the caller speaks %s of the time at least"): written.percent(asked.caller_share)
        if asked.caller_share is not None
        else "",
        _("its score is %s at least"): str(asked.score) if asked.score is not None else "",
    }
    parts = [sentence % fact for sentence, fact in told.items() if fact]
    if asked.first_time_caller is not None:
        first, later = _("it is the caller's first call"), _("it is the caller's second or later call")
        parts.append(first if asked.first_time_caller else later)
    worth = "" if then.value_cents is None else f"{written.worth(then.value_cents, currency)} {currency}"
    done = {
        _("it is a good lead"): then.qualified is True,
        _("it is no good lead"): then.qualified is False,
        _("it is worth %s") % worth: bool(worth),
        _("it gets the tag “%s”") % then.tag: bool(then.tag),
    }
    so = [text for text, holds in done.items() if holds]
    facts = {"conditions": joined(parts), "outcome": ", ".join(so)}
    return (_("If %(conditions)s: %(outcome)s.") if parts else _("Always: %(outcome)s.")) % facts
