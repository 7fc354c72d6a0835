"""The rules, by their properties: the first that fits decides, and the explanation names it."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import HOUR
from swapboard.numbers.conditions import Arrival, Field, facts_of
from swapboard.numbers.explain import Verdict, explain, reason
from swapboard.numbers.rules import (
    LEAVE,
    Decision,
    NumberPlan,
    Outcome,
    Overflow,
    Pool,
    Rule,
    StaticNumber,
    SwapTarget,
)
from swapboard.visits.source import classify

TARGETS = tuple(SwapTarget(f"t{n}", f"+1202555010{n}", "+12025550190") for n in range(2))
POOLS = {f"p{n}": Pool(f"p{n}", f"t{n}", Overflow.ORIGINAL) for n in range(2)}
STATICS = {f"s{n}": StaticNumber(f"s{n}", f"+1202555012{n}", f"t{n}") for n in range(2)}

URLS = (
    "https://shop.example.com/",
    "https://shop.example.com/drains?utm_source=google&utm_medium=cpc&utm_campaign=Spring&gclid=x",
    "https://shop.example.com/contact?utm_source=news&utm_medium=email&utm_campaign=Autumn",
)
ARRIVALS = st.builds(
    Arrival,
    source=st.builds(
        classify, st.sampled_from(URLS), st.sampled_from(["", "https://www.bing.com/", "https://a.example.com/b"])
    ),
    device=st.sampled_from(["phone", "desktop", "tablet"]),
    time_zone=st.sampled_from(["", "America/New_York", "Europe/London"]),
    is_returning=st.booleans(),
    at=st.integers(0, 48).map(lambda hours: hours * HOUR),
)
VALUES = {
    Field.CHANNEL: ["Paid Search", "Direct", "!Email", "Organic*"],
    Field.SOURCE: ["google", "bing", "!news"],
    Field.MEDIUM: ["cpc", "email"],
    Field.CAMPAIGN: ["Spring", "*tumn", "!*"],
    Field.KEYWORD: ["plumber", "!*"],
    Field.LANDING_PAGE: ["/", "/drains", "shop.example.com/c*"],
    Field.REFERRER: ["bing.com", "!*"],
    Field.CLICK_ID: ["gclid", "*"],
    Field.COUNTRY: ["US", "!GB"],
    Field.REGION: ["Europe/*"],
    Field.DEVICE: ["phone", "!desktop"],
    Field.VISITOR: ["new", "returning"],
    Field.HOUR: ["8-18", "22-6", "0"],
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[Field, tuple[str, ...]]:
    asked = draw(st.lists(st.sampled_from(list(Field)), unique=True, max_size=3))
    return {each: tuple(draw(st.lists(st.sampled_from(VALUES[each]), min_size=1, max_size=3))) for each in asked}


@st.composite
def plans(draw: st.DrawFn) -> NumberPlan:
    outcomes = draw(st.lists(st.sampled_from(list(Outcome)), max_size=6))
    rules = [
        Rule(
            f"r{place}",
            f"Rule number {place}",
            outcome,
            draw(conditions()),
            pool_id=draw(st.sampled_from(["p0", "p1", "gone"])) if outcome is Outcome.POOL else None,
            number_id=draw(st.sampled_from(["s0", "s1", "paused"])) if outcome is Outcome.STATIC else None,
        )
        for place, outcome in enumerate(outcomes)
    ]
    targets = {target.number: target for target in TARGETS}
    return NumberPlan(targets, POOLS, STATICS, rules, draw(st.sampled_from(["UTC", "Asia/Tokyo"])))


def first_that_fits(plan: NumberPlan, arrival: Arrival, target: SwapTarget) -> Rule | None:
    """The same said as plainly as can be."""
    for rule in plan.rules:
        pool, static = POOLS.get(rule.pool_id or ""), STATICS.get(rule.number_id or "")
        if rule.outcome is not Outcome.LEAVE and not (pool or static):
            continue
        if rule.outcome is not Outcome.LEAVE and target.target_id != (pool or static).target_id:  # type: ignore[union-attr]
            continue
        facts = {asked: facts_of(arrival, asked, plan.time_zone) for asked in rule.conditions}
        if all(ask.holds(facts[ask.asked]) for ask in rule.asks):
            return rule
    return None


@given(plans(), ARRIVALS, st.sampled_from(TARGETS))
def test_the_first_rule_that_fits_decides(plan: NumberPlan, arrival: Arrival, target: SwapTarget) -> None:
    decision = plan.decide(arrival, target)
    assert decision.rule is first_that_fits(plan, arrival, target)
    if decision.rule is None:
        assert decision == LEAVE
        return
    assert decision.outcome is decision.rule.outcome
    given_ = decision.pool or decision.static
    assert given_ is None or given_.target_id == target.target_id


@given(plans(), ARRIVALS, st.sampled_from(TARGETS))
def test_the_explanation_always_names_the_rule_that_decided(
    plan: NumberPlan, arrival: Arrival, target: SwapTarget
) -> None:
    told = explain(plan, arrival, target)
    decision = plan.decide(arrival, target)
    assert told.decision == decision
    assert (told.deciding.rule if told.deciding else None) is decision.rule
    assert [step.rule for step in told.steps] == list(plan.rules)
    assert [step.place for step in told.steps] == list(range(1, len(plan.rules) + 1))
    if decision.rule:
        assert decision.rule.name in told.because.split(".")[0]
    else:
        assert "no rule fits" in told.because


@given(plans(), ARRIVALS, st.sampled_from(TARGETS))
def test_a_hidden_rule_never_decides_and_what_hides_it_is_for_every_visit(
    plan: NumberPlan, arrival: Arrival, target: SwapTarget
) -> None:
    decided = plan.decide(arrival, target).rule
    for rule in plan.rules:
        if hiding := plan.hidden_by(rule):
            assert not hiding.conditions
            assert plan.rules.index(hiding) < plan.rules.index(rule)
            assert decided != rule


def test_a_rule_for_one_line_hides_none_of_another() -> None:
    everybody = Rule("r0", "Everybody", Outcome.STATIC, {}, number_id="s0")
    same, other = (
        Rule(f"r{number_id}", "Ads", Outcome.STATIC, {Field.MEDIUM: ("cpc",)}, number_id=number_id)
        for number_id in ("s0", "s1")
    )
    plan = NumberPlan({each.number: each for each in TARGETS}, {}, STATICS, [everybody, same, other])
    assert [plan.hidden_by(rule) for rule in plan.rules] == [None, everybody, None]


@given(plans(), ARRIVALS, st.sampled_from(TARGETS))
def test_every_rule_before_says_why_it_did_not_and_none_after_was_asked(
    plan: NumberPlan, arrival: Arrival, target: SwapTarget
) -> None:
    told = explain(plan, arrival, target)
    verdicts = [step.verdict for step in told.steps]
    decided_at = verdicts.index(Verdict.DECIDED) if Verdict.DECIDED in verdicts else len(verdicts)
    for step in told.steps[:decided_at]:
        assert step.verdict in {Verdict.NO_MATCH, Verdict.OTHER_TARGET, Verdict.NOT_TO_BE_HAD}
        assert (step.verdict is Verdict.NO_MATCH) == bool(step.unmet)
        assert reason(step) in told.because
        for unmet in step.unmet:
            [asked] = [each for each in step.rule.asks if each.asked is unmet.asked]
            assert not asked.holds(facts_of(arrival, unmet.asked, plan.time_zone))
    assert all(verdict is Verdict.NOT_ASKED for verdict in verdicts[decided_at + 1 :])


@given(plans(), ARRIVALS, st.sampled_from(TARGETS))
def test_what_rules_ask_of_a_session_gives_the_same_each_time(
    plan: NumberPlan, arrival: Arrival, target: SwapTarget
) -> None:
    assert plan.decide(arrival, target) == plan.decide(arrival, target)


def test_a_paused_number_lets_the_next_rule_decide_and_other_targets_keep_their_rules() -> None:
    paused = Rule("r1", "Paused", Outcome.STATIC, number_id="paused")
    everybody = Rule("r2", "Everybody", Outcome.POOL, pool_id="p1")
    plan = NumberPlan({each.number: each for each in TARGETS}, POOLS, STATICS, [paused, everybody])
    arrival = Arrival(classify(URLS[0]))
    assert plan.decide(arrival, TARGETS[1]) == Decision(Outcome.POOL, everybody, pool=POOLS["p1"])
    assert plan.decide(arrival, TARGETS[0]) == LEAVE


def test_the_words_of_an_explanation() -> None:
    social = Rule("r1", "Social", Outcome.STATIC, {Field.CHANNEL: ("Organic Social",)}, number_id="s0")
    phones = Rule("r2", "No phones", Outcome.LEAVE, {Field.DEVICE: ("!phone",)})
    campaign = Rule("r3", "Autumn", Outcome.LEAVE, {Field.CAMPAIGN: ("a", "b", "c", "d")})
    everybody = Rule("r4", "Everybody", Outcome.POOL, pool_id="p0")
    plan = NumberPlan({TARGETS[0].number: TARGETS[0]}, POOLS, STATICS, [social, phones, campaign, everybody])
    told = explain(plan, Arrival(classify(URLS[0]), device="phone"), TARGETS[0])
    assert told.sees == "a number of its own"
    assert told.because == (
        "rule 4, “Everybody”, is the first that fits. "
        "Rule 1, “Social”, does not fit: the channel is “Direct”, not “Organic Social”. "
        "Rule 2, “No phones”, does not fit: the device is “phone”, which it excludes. "
        "Rule 3, “Autumn”, does not fit: the campaign is not known, not “a” or “b” or “c” or others."
    )


def test_who_finds_every_number_live_sees_the_channels_number_else_the_fallback() -> None:
    main, other = (
        SwapTarget("t0", "+12025550100", "+12025550109"),
        SwapTarget("t1", "+12025550101", "+12025550109"),
    )
    statics = [
        StaticNumber("elsewhere", "+12025550120", "t1", "Paid Search"),
        StaticNumber("ads", "+12025550121", "t0", "Paid Search"),
        StaticNumber("spare", "+12025550122", "t0"),
    ]
    plan = NumberPlan(
        {each.number: each for each in (main, other)}, {}, {each.number_id: each for each in statics}, ()
    )
    ad, direct = classify("https://example.com/?gclid=x", ""), classify("https://example.com/", "")
    for overflow, fallback, source, shown in (
        (Overflow.CHANNEL_STATIC, "spare", ad, "ads"),
        (Overflow.CHANNEL_STATIC, "spare", direct, "spare"),
        (Overflow.CHANNEL_STATIC, None, direct, None),
        (Overflow.CHANNEL_STATIC, "paused", direct, None),
        (Overflow.FALLBACK, "spare", ad, "spare"),
        (Overflow.ORIGINAL, "spare", ad, None),
    ):
        found = plan.instead(Pool("p", "t0", overflow, fallback), source)
        assert (found.number_id if found else None) == shown, (overflow, fallback, source.channel)
