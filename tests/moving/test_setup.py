"""The set-up as a file: there and back it is the same, and what differs is told before it is done."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, update

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company, company_by_id, sites_of
from swapboard.calls.lead_rule_store import add_rule, rules_of
from swapboard.calls.lead_rules import Conditions, LeadRule
from swapboard.calls.lead_rules import Outcome as Outcomes
from swapboard.calls.nodes import EndCall
from swapboard.calls.phrases import Phrase
from swapboard.calls.recording import RecordingMode, RecordingPolicy
from swapboard.calls.spam import Policy
from swapboard.moving.call_settings import (
    CallSettings,
    LeadRuleSetup,
    RecordingSetup,
    ReplySetup,
    TranscriptSetup,
)
from swapboard.moving.difference import Difference, Doing, difference, numbered, over
from swapboard.moving.doubts import doubts
from swapboard.moving.house_reading import read_setup
from swapboard.moving.house_writing import BY_IMPORT, write_setup
from swapboard.moving.setup import (
    AutoScaleSetup,
    FlowSetup,
    NumberSetup,
    PoolSetup,
    RuleSetup,
    Setup,
    SoundSetup,
    TargetSetup,
    faults,
)
from swapboard.moving.toml_text import BadSetup, from_toml, to_toml
from swapboard.numbers.conditions import Field
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.number_log import NumberEvent, events_of
from swapboard.numbers.placements import short_link
from swapboard.numbers.rules import Outcome, Overflow
from swapboard.numbers.scaling_store import ScalingEvent, scaling_log, scalings
from swapboard.recordings.recording import Keeping
from swapboard.recordings.wave import wave_file
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import numbers
from swapboard.switchboard.visiting import admit
from tests.building import NOW, a_visit, open_business
from tests.calls.flows import EVERY_STEP, SHOP_FLOW
from tests.recordings.sounds import RATE, voice

NAMES = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
WORDS = st.none() | NAMES
VALUES = {
    Field.CHANNEL: ["Paid Search", "!Direct", "Organic*"],
    Field.CAMPAIGN: ["spring*", "“quoted”", "!*"],
    Field.LANDING_PAGE: ["/drains", "shop.example.com/*"],
    Field.HOUR: ["8-18", "22-6"],
    Field.DEVICE: ["phone", "!tablet"],
}


def does_anything(found: Sequence[Difference]) -> bool:
    """True when an import would write something."""
    return any(each.doing is not Doing.KEEP for each in found)


def phone(number: int) -> str:
    return f"+120255501{number:02d}"


def an_auto_scale(is_on: bool, floor: int, more: int) -> AutoScaleSetup:
    return AutoScaleSetup(on=is_on, floor=floor, ceiling=floor + more, budget_cents=floor * 115 + more)


HELLO = SoundSetup(name="Hello", content=base64.b64encode(wave_file(RATE, [voice(0.3)])).decode())


TOLD = RecordingPolicy(RecordingMode.NOTICE, notice="We record.")
ASKED = RecordingPolicy(
    RecordingMode.KEYPRESS, question="May we record?", question_file="https://example.com/a.mp3"
)
PHRASES = st.lists(st.sampled_from(["appointment", "how much", "price"]), unique=True).map(sorted)


def without_codes(exported: str) -> str:
    """Short links lead to one place of a server: a second company there has others."""
    return "".join(line for line in exported.splitlines(keepends=True) if not line.startswith("short_code"))


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    targets = [phone(number) for number in range(draw(st.integers(1, 3)))]
    pools = draw(st.lists(NAMES, unique=True, max_size=3))
    pool_targets = [draw(st.sampled_from(targets)) for _ in pools]
    numbers = []
    for place in range(draw(st.integers(0, 8))):
        of_pool = bool(pools) and draw(st.booleans())
        page = draw(st.none() | st.just("https://example.com/offer?a=b"))
        status = draw(st.sampled_from([NumberStatus.ACTIVE, NumberStatus.PAUSED, NumberStatus.QUARANTINED]))
        numbers.append(
            NumberSetup(
                number=phone(20 + place),
                pool=draw(st.sampled_from(pools)) if of_pool else None,
                target=None if of_pool else draw(st.sampled_from(targets)),
                status=status,
                placement=None if of_pool else draw(WORDS),
                channel=None if of_pool else draw(WORDS),
                source=None if of_pool else draw(WORDS),
                medium=None if of_pool else draw(WORDS),
                campaign=None if of_pool else draw(WORDS),
                monthly_cents=draw(st.none() | st.integers(0, 10_000)),
                placement_cents=draw(st.none() | st.integers(0, 10_000_000)),
                starts_on=draw(st.none() | st.just("2026-11-24")),
                ends_on=draw(st.none() | st.just("2026-12-24")),
                short_url=page,
                short_code=f"page{place}" if page else None,
                quarantined_at="2026-11-24T07:00:00.000Z" if status is NumberStatus.QUARANTINED else None,
            )
        )
    statics = {each.number: each.target for each in numbers if each.pool is None}
    made = []
    for name, target in zip(pools, pool_targets, strict=True):
        fallback = draw(st.sampled_from([None, *(number for number, of in statics.items() if of == target)]))
        overflow = draw(st.sampled_from([each for each in Overflow if fallback or each is not Overflow.FALLBACK]))
        scale = draw(st.none() | st.builds(an_auto_scale, st.booleans(), st.integers(1, 9), st.integers(0, 9)))
        made.append(PoolSetup(name=name, target=target, overflow=overflow, fallback=fallback, auto_scale=scale))
    return Setup(
        company={
            "time_zone": draw(st.sampled_from(["UTC", "Europe/London"])),
            "session_seconds": 900,
            "quarantine_days": draw(st.integers(1, 365)),
        },
        sites=[
            {"name": name, "hosts": draw(st.lists(st.sampled_from(["example.com", "a.example.com"]), unique=True))}
            for name in draw(st.lists(NAMES, unique=True, max_size=2))
        ],
        swap_targets=[
            TargetSetup(
                number=number,
                name=draw(st.just("") | NAMES),
                destination=phone(90),
                shares_with=targets[0] if number != targets[0] and draw(st.booleans()) else None,
            )
            for number in targets
        ],
        pools=made,
        numbers=numbers,
        rules=list(draw(rules(pools, list(statics)))),
        flows=list(draw(flows([*targets, *(each.number for each in numbers)]))),
        sounds=draw(st.sampled_from([(), (HELLO,), (HELLO, HELLO.model_copy(update={"name": "Other"}))])),
        calls=draw(call_settings(sorted({*targets, *(each.number for each in numbers)}))),
    )


@st.composite
def call_settings(draw: st.DrawFn, lines: list[str]) -> CallSettings:
    """What becomes of calls, in the order that an export has."""
    recorded, written = ([None, *lines[: draw(st.integers(0, 2))]] for _ in range(2))
    names = draw(st.lists(NAMES, unique=True, max_size=3))
    return CallSettings(
        recording=[RecordingSetup(number=line, policy=draw(st.sampled_from([TOLD, ASKED]))) for line in recorded],
        keeping=draw(st.sampled_from([Keeping(), Keeping(talk_days=30, deletes_at_carrier=False)])),
        spam=draw(st.sampled_from([Policy(), Policy(mark_from=0.5, reject_from=0.9, cap_minutes=100)])),
        transcripts=TranscriptSetup(on=draw(st.booleans()), language=draw(st.sampled_from(["", "de"]))),
        phrases=[Phrase(text, tag=draw(st.sampled_from(["", "Hot"]))) for text in draw(PHRASES)],
        lead_rules=[
            LeadRuleSetup(
                name=name,
                on=draw(st.booleans()),
                conditions=draw(
                    st.sampled_from([Conditions(), Conditions(talk_seconds=60, says=("appointment",))])
                ),
                outcome=draw(st.sampled_from([Outcomes(qualified=True), Outcomes(tag="Hot", value_cents=5_000)])),
            )
            for name in names
        ],
        replies=[
            ReplySetup(number=line, text=draw(st.sampled_from(["Sorry!", "We ring {number}."])))
            for line in written
        ],
    )


@st.composite
def flows(draw: st.DrawFn, lines: list[str]) -> Iterator[FlowSetup]:
    """Flows with one of every step; each number has at most one."""
    made, free = [], list(lines)
    for name in draw(st.lists(NAMES, unique=True, max_size=2)):
        taken = draw(st.lists(st.sampled_from(free), unique=True, max_size=2)) if free else []
        free = [number for number in free if number not in taken]
        flow = draw(st.sampled_from([SHOP_FLOW, EVERY_STEP]))
        language = draw(st.sampled_from(["en-US", "de-DE"]))
        made.append(
            FlowSetup(name=name, start=flow.start, language=language, numbers=sorted(taken), steps=flow.steps)
        )
    return iter(made)


@st.composite
def rules(draw: st.DrawFn, pools: list[str], statics: list[str]) -> Iterator[RuleSetup]:
    made = []
    for _ in range(draw(st.integers(0, 4))):
        asked = draw(st.lists(st.sampled_from(list(VALUES)), unique=True, max_size=3))
        conditions = {each: [draw(st.sampled_from(VALUES[each]))] for each in Field if each in asked}
        possible = [Outcome.LEAVE, *([Outcome.POOL] if pools else []), *([Outcome.STATIC] if statics else [])]
        outcome = draw(st.sampled_from(possible))
        made.append(
            RuleSetup(
                name=draw(NAMES),
                outcome=outcome,
                pool=draw(st.sampled_from(pools)) if outcome is Outcome.POOL else None,
                number=draw(st.sampled_from(statics)) if outcome is Outcome.STATIC else None,
                conditions=conditions,
            )
        )
    return iter(made)


@given(setups())
def test_a_set_up_is_the_same_after_it_was_text(setup: Setup) -> None:
    text = to_toml(setup)
    back = from_toml(text)
    assert back.model_dump(mode="json") == setup.model_dump(mode="json")
    assert to_toml(back) == text


@given(setups())
def test_nothing_differs_from_itself(setup: Setup) -> None:
    assert not does_anything(difference(setup, setup))


@given(st.lists(st.sampled_from(["a", "b", "a (2)"]), max_size=8))
def test_numbered_names_are_told_apart_and_numbering_again_changes_nothing(names: list[str]) -> None:
    told = numbered(names)
    assert len(set(told)) == len(names)
    assert numbered(told) == told


def an_empty_company(connection: Connection) -> str:
    company_id = new_id(NOW)
    add_company(connection, Company(company_id, new_id(NOW), "Empty", "UTC", "US", None, 1800, 30, NOW))
    return company_id


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(setup=setups())
def test_export_import_into_an_empty_company_export_is_identical(engine: Engine, setup: Setup) -> None:
    with writing(engine) as connection:
        first, second = an_empty_company(connection), an_empty_company(connection)
        write_setup(connection, first, setup, NOW)
        exported = to_toml(read_setup(connection, first))
        write_setup(connection, second, from_toml(exported), NOW)
        again = to_toml(read_setup(connection, second))
        assert without_codes(again) == without_codes(exported)
        # What went in came out, and a second import has nothing left to do.
        told = from_toml(exported)
        for part in ("swap_targets", "pools", "numbers", "rules"):
            assert [each.model_dump(exclude={"short_code"}) for each in getattr(told, part)] == [
                each.model_dump(exclude={"short_code"}) for each in getattr(setup, part)
            ], part
        assert not does_anything(write_setup(connection, second, told, NOW + 1))


def test_a_whole_business_moves(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        exported = to_toml(read_setup(connection, business.company_id))
        other = an_empty_company(connection)
        found = write_setup(connection, other, from_toml(exported), NOW)
        assert to_toml(read_setup(connection, other)) == exported
        assert {each.doing for each in found} <= {Doing.ADD, Doing.CHANGE}
        moved = replace(business, company_id=other, site=sites_of(connection, other)[0])
        [shown] = admit(connection, [a_visit(moved)])
        assert [swap.target for swap in shown.swaps] == [target.number for target in business.targets]


def test_a_flow_moves_with_its_sound_and_another_file_is_told_in_few_words(engine: Engine) -> None:
    steps = {"bye": EndCall(file="sound:Hello")}
    flow = FlowSetup(name="Closed", start="bye", steps=steps)
    with writing(engine) as connection:
        company = an_empty_company(connection)
        with pytest.raises(BadSetup, match="there is no sound “Hello”"):
            write_setup(connection, company, Setup(flows=[flow]), NOW)
        write_setup(connection, company, Setup(flows=[flow], sounds=[HELLO]), NOW)
        write_setup(connection, company, Setup(flows=[flow]), NOW)  # the sound is there already
        other = SoundSetup(name="Hello", content=base64.b64encode(wave_file(RATE, [voice(0.5)])).decode())
        [told] = [each for each in write_setup(connection, company, Setup(sounds=[other]), NOW) if each.field]
        assert str(told).startswith("change sound Hello: file from ")
        assert len(str(told)) < 100
        assert read_setup(connection, company).sounds == [other]


def test_what_is_not_in_the_file_stays_but_rules_are_as_the_file_says(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        before = read_setup(connection, business.company_id)
        rule = RuleSetup(name="Only this", outcome=Outcome.LEAVE)
        found = write_setup(connection, business.company_id, Setup(rules=[rule]), NOW)
        after = read_setup(connection, business.company_id)
        assert (after.numbers, after.pools, after.swap_targets) == (
            before.numbers,
            before.pools,
            before.swap_targets,
        )
        assert [each.name for each in after.rules] == ["Only this"]
        told = [str(each) for each in found if each.what == "rule"]
        assert told == [
            "add rule Only this",
            "remove rule Social visits see the social number",
            "remove rule The rest get their own",
        ]


def test_settings_within_a_setting_that_are_not_mentioned_stay() -> None:
    before = {"name": "Shop", "page": {"forms": True, "skip": ["code"]}, "hosts": ["a.example.com"]}
    assert over(before, {"page": {"skip": []}}) == {
        "name": "Shop",
        "page": {"forms": True, "skip": []},
        "hosts": ["a.example.com"],
    }


def test_a_change_says_what_was_and_what_will_be(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        before = read_setup(connection, business.company_id)
        paused = [
            each.model_copy(update={"status": NumberStatus.PAUSED}) if each.placement == "Billboard" else each
            for each in before.numbers
        ]
        after = before.model_copy(update={"numbers": paused, "company": {"session_seconds": 60}})
        found = [each for each in difference(before, after) if each.doing is not Doing.KEEP]
        assert [str(each) for each in found] == [
            "change company settings: session_seconds from 1800 to 60",
            "change number +442079460202: status from 'active' to 'paused'",
        ]
        assert write_setup(connection, business.company_id, after, NOW) == difference(before, after)
        assert company_by_id(connection, business.company_id).session_seconds == 60  # type: ignore[union-attr]


def test_a_number_that_moves_is_taken_off_the_page_that_shows_it(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
        [shown] = admit(connection, [a_visit(business)])
        [swap] = shown.swaps
        before = read_setup(connection, business.company_id)
        moved = [
            NumberSetup(number=each.number, target=business.targets[0].number)
            if each.number == swap.number
            else each
            for each in before.numbers
        ]
        write_setup(connection, business.company_id, before.model_copy(update={"numbers": moved}), NOW)
        [other] = admit(connection, [a_visit(business, now=NOW + 1)])
        assert swap.number not in [each.number for each in other.swaps]


def test_what_becomes_of_calls_moves_and_what_is_not_mentioned_stays(engine: Engine) -> None:
    hot = LeadRuleSetup(name="Hot", conditions=Conditions(says=("appointment",)), outcome=Outcomes(tag="Hot"))
    long = LeadRuleSetup(name="Long", conditions=Conditions(talk_seconds=60), outcome=Outcomes(qualified=True))
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        told = RecordingSetup(policy=TOLD)
        first = Setup(calls=CallSettings(recording=[told], keeping=Keeping(30), lead_rules=[hot, long]))
        found = write_setup(connection, company_id, first, NOW)
        assert [str(each) for each in found if each.what in {"calls", "lead rule", "recording policy of"}] == [
            "add recording policy of all others",
            "add lead rule Hot",
            "add lead rule Long",
            "change calls keeping: talk_days from 90 to 30",
        ]
        second = Setup(calls=CallSettings(lead_rules=[long, hot], phrases=[Phrase("price")]))
        found = write_setup(connection, company_id, second, NOW)
        assert "change lead rules order: order from 'Hot', 'Long' to 'Long', 'Hot'" in map(str, found)
        kept = read_setup(connection, company_id).calls
    assert (kept.recording, kept.keeping, kept.lead_rules) == ([told], Keeping(30), [long, hot])
    assert kept.phrases == [Phrase("price")]


def test_lead_rules_that_others_are_put_before_are_told_and_namesakes_stay_namesakes(engine: Engine) -> None:
    one, two, last = (
        LeadRuleSetup(name=name, conditions=Conditions(talk_seconds=place), outcome=Outcomes(tag=name))
        for place, name in enumerate(("Hot", "Long", "Late"), 1)
    )
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        write_setup(connection, company_id, Setup(calls=CallSettings(lead_rules=[one, two, last])), NOW)
        found = write_setup(connection, company_id, Setup(calls=CallSettings(lead_rules=[last])), NOW)
        assert "lead rules" in {each.what for each in found}
        assert read_setup(connection, company_id).calls.lead_rules == [last, one, two]
        add_rule(connection, company_id, LeadRule("Hot", Conditions(), Outcomes(tag="x")), NOW)
        write_setup(connection, company_id, read_setup(connection, company_id), NOW)
        assert [each.rule.name for each in rules_of(connection, company_id)] == ["Late", "Hot", "Long", "Hot"]
        assert "lead rules" not in {each.what for each in write_setup(connection, company_id, Setup(), NOW)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml at all", "no TOML"),
        ('[[calls.recording]]\nnumber = "+12025550120"\npolicy = {mode = "notice"}', "none of the numbers"),
        ('[[calls.recording]]\npolicy = {mode = "notice", notice_file = "sound:None"}', "no sound"),
        ('[[calls.recording]]\npolicy = {mode = "sometimes"}', "mode"),
        ("[calls.keeping]\ntalk_days = 0", "from 1 to 3650"),
        ("[calls.spam]\nmark_from = 2", "mark_from"),
        ('[[calls.phrases]]\ntext = "Price"', "in small letters"),
        ('[[calls.lead_rules]]\nname = "Hot"', "whether it qualifies"),
        ('[[calls.replies]]\ntext = "{name}"', "only {number}"),
        ('[[calls.replies]]\ntext = "a"\n[[calls.replies]]\ntext = "b"', "is there twice"),
        ('[calls]\nmood = "blue"', "mood"),
        ("format = 99", "format"),
        ("surprise = 1", "surprise"),
        ('[[pools]]\nname = "P"\ntarget = "+12025550100"', "no swap target"),
        ('[[swap_targets]]\nnumber = "12"\ndestination = "+12025550101"', "not a phone number"),
        ('[[rules]]\nname = "R"\noutcome = "pool"\npool = "Nowhere"', "'Nowhere', which is not there"),
        ('[[rules]]\nname = "R"\noutcome = "leave"\nnumber = "+12025550100"', "something else to give"),
        ('[[numbers]]\nnumber = "+12025550120"', "needs either a pool or a target"),
        (
            '[[numbers]]\nnumber = "+12025550120"\nstarts_on = "2026-12-01"\nends_on = "2026-11-01"',
            "ends before it starts",
        ),
        ('[[numbers]]\nnumber = "+12025550120"\nshort_url = "javascript:alert(1)"', "a page's address"),
        (
            "\n".join(
                f'[[swap_targets]]\nnumber = "{number}"\ndestination = "+12025550109"\n{more}'
                for number, more in (
                    ("+12025550100", ""),
                    ("+12025550101", 'shares_with = "+12025550100"'),
                    ("+12025550102", 'shares_with = "+12025550101"'),
                )
            ),
            "shares itself",
        ),
        ('[[sounds]]\nname = "Hello"\ncontent = "no base64!"', "no base64"),
        ('[[sounds]]\nname = "Hello"\ncontent = "aGVsbG8="', "WAV, MP3 or FLAC"),
        (
            '[[swap_targets]]\nnumber = "+12025550100"\ndestination = "+12025550101"\n'
            '[[numbers]]\nnumber = "+12025550101"\ntarget = "+12025550100"',
            "calls would go in circles",
        ),
        (
            '[[swap_targets]]\nnumber = "+12025550100"\ndestination = "+12025550101"\n' * 2,
            "is there twice",
        ),
    ],
)
def test_what_cannot_stand_is_told(text: str, said: str) -> None:
    try:
        told = "\n".join(faults(from_toml(text)))
    except BadSetup as bad:
        told = str(bad)
    assert said in told


def test_settings_that_do_not_exist_or_cannot_be_are_told_and_nothing_is_written(engine: Engine) -> None:
    for setup, said in (
        (Setup(company={"mood": "blue"}), "no setting 'mood'"),
        (Setup(company={"session_seconds": "long"}), "session_seconds"),
        (Setup(company={"session_seconds": 0}), "from 60 to 86400"),
        (Setup(company={"ring_timeout_seconds": 4}), "from 5 to 600"),
        (Setup(company={"look_back_days": 731}), "from 1 to 730"),
        (Setup(company={"quarantine_days": 0}), "from 1 to 365"),
        (Setup(company={"journal_days": 0}), "from 90 to 3650"),
        (Setup(company={"visits_kept_days": 89}), "from 90 to 3650, or leave it out"),
        (Setup(company={"contacts_kept_days": 3651}), "from 90 to 3650, or leave it out"),
        (Setup(company={"time_zone": "Mars/Phobos"}), "IANA"),
        (Setup(company={"country": "us"}), "two letters"),
        (Setup(company={"currency": "dollars"}), "three letters"),
        (Setup(company={"language": "xx"}), "language"),
        (Setup(company={"colour": "blue"}), "#0b5f54"),
        (Setup(company={"default_destination": "2025550101"}), "like \\+12025550100"),
        (Setup(sites=[{"name": "Shop", "beat_seconds": 0}]), "from 5 to 300"),
        (Setup(sites=[{"name": "Shop", "hosts": ["https://www.example.com/"]}]), "a host name"),
        (Setup(sites=[{"name": "Shop", "page": {"skip": ["a, b"]}}]), "'a, b' cannot stand"),
        (Setup(sites=[{"name": "Shop", "page": {"attributes": ["title"] * 21}}]), "at most 20"),
        (Setup(sites=[{"name": "Shop", "page": {"vanity": [{"text": "CALL", "target": "1"}]}}]), "vanity.target"),
        (Setup(sites=[{"name": "Shop", "consent": "never"}]), "consent"),
        (Setup(pools=[PoolSetup(name="P", target="+12025550100")]), "no swap target"),
    ):
        with writing(engine) as connection:
            company_id = an_empty_company(connection)
        with pytest.raises(BadSetup, match=said), writing(engine) as connection:
            write_setup(connection, company_id, setup, NOW)
        with reading(engine) as connection:
            assert read_setup(connection, company_id).sites == []


def test_a_short_link_of_another_company_stays_theirs(engine: Engine) -> None:
    target = TargetSetup(number=phone(0), destination=phone(90))
    flyer = NumberSetup(number=phone(20), target=phone(0), short_code="flyer1", short_url="https://a.example.com/")
    with writing(engine) as connection:
        first, second = an_empty_company(connection), an_empty_company(connection)
        for company_id in (first, second):
            write_setup(connection, company_id, Setup(swap_targets=[target], numbers=[flyer]), NOW)
        assert read_setup(connection, first).numbers[0].short_code == "flyer1"
        theirs = read_setup(connection, second).numbers[0].short_code
        assert theirs not in {None, "flyer1"}, "what has a page has a link"
        again = write_setup(connection, second, Setup(swap_targets=[target], numbers=[flyer]), NOW)
        assert not does_anything(again)
        silent = flyer.model_copy(update={"short_code": None})
        assert not does_anything(write_setup(connection, second, Setup(numbers=[silent]), NOW))
        assert read_setup(connection, second).numbers[0].short_code == theirs


def test_a_page_written_by_hand_gets_a_short_link_and_may_stand_without_its_scheme(engine: Engine) -> None:
    written = f"""
[[swap_targets]]
number = "{phone(0)}"
destination = "{phone(90)}"

[[numbers]]
number = "{phone(20)}"
target = "{phone(0)}"
short_url = "www.example.com/offer"
starts_on = 2026-11-24
"""
    with writing(engine) as connection:
        company_id = an_empty_company(connection)
        write_setup(connection, company_id, from_toml(written), NOW)
        [flyer] = read_setup(connection, company_id).numbers
        assert flyer.short_url == "https://www.example.com/offer"
        assert flyer.starts_on == "2026-11-24"
        link = short_link(connection, flyer.short_code or "")
        assert link is not None
        assert link.url == flyer.short_url
        assert not does_anything(write_setup(connection, company_id, from_toml(written), NOW + 1))


def test_a_short_link_leads_on_however_its_code_was_written(engine: Engine) -> None:
    """`/go/Spring26` looked for `spring26`, and the file's code was kept as it stood."""
    target = TargetSetup(number=phone(0), destination=phone(90))
    flyer = NumberSetup(
        number=phone(20), target=phone(0), short_code="Spring26", short_url="https://a.example.com/"
    )
    with writing(engine) as connection:
        company_id = an_empty_company(connection)
        write_setup(connection, company_id, Setup(swap_targets=[target], numbers=[flyer]), NOW)
        assert short_link(connection, "spring26") is not None
        second = flyer.model_copy(update={"number": phone(21)})
        for numbers_ in ([second], [second, flyer.model_copy(update={"short_code": None})]):
            with pytest.raises(BadSetup, match="'spring26' is there twice"):
                write_setup(connection, company_id, Setup(numbers=numbers_), NOW)


def test_a_number_that_a_file_puts_in_quarantine_is_taken_off_and_rests_from_then_on(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = an_empty_company(connection)
        target = TargetSetup(number=phone(0), destination=phone(90))
        pool = PoolSetup(name="P", target=phone(0))
        number = NumberSetup(number=phone(20), pool="P")
        write_setup(connection, company_id, Setup(swap_targets=[target], pools=[pool], numbers=[number]), NOW)
        # As if a session showed it.
        shown = update(numbers).where(numbers.c.company_id == company_id).values(live_session_id="s1")
        connection.execute(shown)
        resting = Setup(numbers=[number.model_copy(update={"status": NumberStatus.QUARANTINED})])
        write_setup(connection, company_id, resting, NOW + 1_000)
        [record] = list_numbers(connection, company_id, NumberFilter(), 9).rows
        assert (record.live_session_id, record.status) == (None, NumberStatus.QUARANTINED)
        since = record.quarantined_at
        assert (since or 0) > NOW + 1_000
        assert not does_anything(write_setup(connection, company_id, resting, NOW + 9_000))
        back = Setup(numbers=[number])
        write_setup(connection, company_id, back, NOW + 10_000)
        [record] = list_numbers(connection, company_id, NumberFilter(), 9).rows
        assert (record.status, record.quarantined_at) == (NumberStatus.ACTIVE, None)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (
            {Field.COUNTRY: ["UK", "US"]},
            "'Old' has country = 'UK', which no visit has. Write a country's two letters",
        ),
        ({Field.HOUR: ["noon"]}, "'Old' has hour = 'noon', which no visit has. Write an hour from 0 to 23"),
        ({Field.DEVICE: ["phone", "!phone"]}, "'Old', device: This asks for something and excludes it"),
    ],
)
def test_a_rule_of_older_days_comes_back_and_is_told(
    engine: Engine, conditions: dict[Field, list[str]], said: str
) -> None:
    rule = RuleSetup(name="Old", outcome=Outcome.LEAVE, conditions=conditions)
    with writing(engine) as connection:
        first, second = an_empty_company(connection), an_empty_company(connection)
        write_setup(connection, first, Setup(rules=[rule]), NOW)
        exported = from_toml(to_toml(read_setup(connection, first)))
        write_setup(connection, second, exported, NOW)
        assert to_toml(read_setup(connection, second)) == to_toml(read_setup(connection, first))
    [told] = doubts(exported)
    assert said in told
    fine = RuleSetup(name="Fine", outcome=Outcome.LEAVE, conditions={Field.COUNTRY: ["GB"], Field.HOUR: ["8-18"]})
    assert not list(doubts(Setup(rules=[fine])))


def test_what_one_condition_changes_is_told_alone() -> None:
    rule = RuleSetup(name="R", outcome=Outcome.LEAVE, conditions={Field.DEVICE: ["phone"], Field.HOUR: ["9"]})
    later = rule.model_copy(update={"conditions": {Field.DEVICE: ["phone"], Field.COUNTRY: ["US", "CA"]}})
    told = [str(each) for each in difference(Setup(rules=[rule]), Setup(rules=[later]))]
    assert told == [
        "change rule R: hour from '9' to nothing",
        "change rule R: country from nothing to 'US', 'CA'",
    ]


def test_what_other_doors_refuse_is_refused_or_told() -> None:
    targets = [TargetSetup(number=phone(place), destination=phone(90)) for place in (0, 1)]
    other = NumberSetup(number=phone(20), target=phone(1), short_code="same1")
    pool = PoolSetup(name="P", target=phone(0), fallback=phone(20))
    [told] = doubts(Setup(swap_targets=targets, pools=[pool], numbers=[other]))
    assert told == f"The pool 'P' falls back on {phone(20)}, which does not stand for {phone(0)}."
    many = [RuleSetup(name=f"R{place}", outcome=Outcome.LEAVE) for place in range(501)]
    assert faults(Setup(rules=many)) == ["There are 501 rules; a company has 500 at most."]
    same = other.model_copy(update={"number": phone(21)})
    assert faults(Setup(swap_targets=targets, numbers=[other, same])) == ["The short_code 'same1' is there twice."]


def test_auto_scale_comes_with_a_pool_is_logged_and_stays_when_the_file_does_not_say(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = an_empty_company(connection)
        target = TargetSetup(number=phone(0), destination=phone(90))
        scaled = PoolSetup(name="P", target=phone(0), auto_scale=an_auto_scale(True, 2, 3))
        setup = Setup(swap_targets=[target], pools=[scaled])
        write_setup(connection, company_id, setup, NOW)
        assert read_setup(connection, company_id).pools == [scaled]
        [pool_id] = scalings(connection, company_id)
        [logged] = scaling_log(connection, company_id, pool_id, 5)
        assert (logged.kind, logged.actor, logged.detail["ceiling"]) == (ScalingEvent.SET, BY_IMPORT, 5)
        silent = setup.model_copy(update={"pools": [PoolSetup(name="P", target=phone(0))]})
        assert not does_anything(write_setup(connection, company_id, silent, NOW))
        off = scaled.model_copy(update={"auto_scale": an_auto_scale(False, 2, 3)})
        [told] = [
            each
            for each in write_setup(connection, company_id, setup.model_copy(update={"pools": [off]}), NOW + 9)
            if each.doing is Doing.CHANGE
        ]
        assert (told.what, told.name, told.field) == ("pool", "P", "auto_scale")
        assert not scalings(connection, company_id)[pool_id].is_on
        wrong = scaled.model_copy(update={"auto_scale": an_auto_scale(True, 4, -3)})
        with pytest.raises(BadSetup, match="'P', auto_scale: The most numbers cannot be fewer than the least"):
            write_setup(connection, company_id, setup.model_copy(update={"pools": [wrong]}), NOW)


def test_what_an_import_does_with_numbers_is_in_their_log(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = an_empty_company(connection)
        setup = Setup(
            swap_targets=[TargetSetup(number=phone(0), destination=phone(90))],
            numbers=[NumberSetup(number=phone(20 + place), target=phone(0)) for place in range(2)],
        )
        write_setup(connection, company_id, setup, NOW)
        named = [setup.numbers[0].model_copy(update={"placement": "Flyer"}), setup.numbers[1]]
        write_setup(connection, company_id, setup.model_copy(update={"numbers": named}), NOW + 9)
        log = [(entry.number, entry.kind, entry.actor) for entry in events_of(connection, company_id)]
    assert log == [
        (phone(20), NumberEvent.CHANGED, BY_IMPORT),
        (phone(21), NumberEvent.ADDED, BY_IMPORT),
        (phone(20), NumberEvent.ADDED, BY_IMPORT),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"numbers": ["+12025550177"]}, "which is not there"),
        ({"start": "nowhere"}, "there is no such step"),
    ],
)
def test_a_flow_that_would_lose_a_call_is_told(change: dict[str, object], words: str) -> None:
    flow = FlowSetup(name="Desk", start=SHOP_FLOW.start, steps=SHOP_FLOW.steps).model_copy(update=change)
    assert words in " ".join(faults(Setup(flows=[flow])))
