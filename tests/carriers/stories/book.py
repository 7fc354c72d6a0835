"""The forty stories. A word takes 0.4 s to say, an audio file 5 s: the measure of the network (verbs.py)."""

from typing import Any

from swapboard.calls.call import Status
from swapboard.calls.hours import DAYS, Hours
from swapboard.calls.nodes import (
    Answer,
    ConsentNotice,
    Dial,
    EndCall,
    Flow,
    GeoRoute,
    Greeting,
    Menu,
    Node,
    Record,
    Refuse,
    RoundRobin,
    Schedule,
    Survey,
    Target,
    Voicemail,
)
from tests.building import DESTINATION
from tests.carriers.stories.story import DEFAULT, HOME, SHOP, Story, Told, Trouble

TEN_WORDS = "Welcome to the shop, please hold while we ring somebody."
FIVE_WORDS = "Please leave a message now."
LONG = " ".join(["All of it is said."] * 100)
"""500 words in 1,899 characters: as long as a text may be, and longer than some carriers say at once."""

CLOSED = "https://www.example.com/closed.mp3"

RING_SHOP: dict[str, Any] = {"ring": Dial(targets=(Target(SHOP),))}
MAILBOX: dict[str, Any] = {"mailbox": Voicemail(text=FIVE_WORDS)}
BOTH = (Target(SHOP), Target(HOME))


def flow(**steps: Node) -> Flow:
    """A flow that begins with its first step."""
    return Flow(next(iter(steps)), steps)


def plain(name: str, status: Status = Status.ANSWERED, talk: int = 63, ring: int = 4, **more: Any) -> Story:
    """A story of one number that is rung: it rings for 4 seconds, and the talk lasts 63."""
    trouble = more.pop("trouble", Trouble.NONE)
    told = {"destination": more.pop("destination", DESTINATION)}
    told |= {key: more[key] for key in ("caller", "caller_name", "attestation") if key in more}
    does = {"ring_seconds": 4, "talk_seconds": 63} | more
    return Story(name, Told(status, talk, ring, **told), does=does, trouble=trouble)


MENU = flow(
    menu=Menu(text=TEN_WORDS, keys={"1": "ring", "2": "mailbox"}, wait_seconds=6, otherwise="bye"),
    ring=Dial(targets=(Target(SHOP),)),
    bye=EndCall(text="Good-bye."),
    **MAILBOX,
)
SEQUENCE = flow(ring=Dial(targets=(Target(SHOP, 20), Target(HOME, 20)), otherwise="mailbox"), **MAILBOX)
AT_ONCE = flow(ring=Dial(targets=BOTH, at_once=True, otherwise="mailbox"), **MAILBOX)
SCREENED = flow(ring=Dial(targets=BOTH, whisper="A call.", press_1=True, otherwise="mailbox"), **MAILBOX)
CONSENT = flow(
    notice=ConsentNotice(text=TEN_WORDS, agree_key="1", then="record", declined="ring"),
    record=Record(then="ring"),
    **RING_SHOP,
)
ALWAYS = Hours("UTC", dict.fromkeys(DAYS, ("00:00-24:00",)))

STORIES: tuple[Story, ...] = (
    plain("answered"),
    plain("missed: it rings until the time is over", Status.MISSED, 0, 25, ring_seconds=40),
    plain("busy", Status.BUSY, 0, 0, outcome="busy"),
    plain("the number cannot be reached", Status.FAILED, 0, 0, outcome="failed"),
    plain("the caller hangs up while it rings", Status.MISSED, 0, 3, leaves_after_seconds=3),
    plain("the caller hangs up in the talk", Status.ANSWERED, 16, 4, leaves_after_seconds=20),
    Story(
        "abandoned in the greeting",
        Told(Status.ABANDONED, 0, 0, 2, path=("hello", "ring")),
        flow(hello=Greeting(text=TEN_WORDS, then="ring"), **RING_SHOP),
        {"leaves_after_seconds": 2},
    ),
    Story(
        "abandoned in the menu",
        Told(Status.ABANDONED, 0, 0, 7, path=("menu",)),
        MENU,
        {"leaves_after_seconds": 7},
    ),
    Story(
        "a key in the menu",
        Told(Status.ANSWERED, 63, 4, 4, destination=SHOP, path=("menu", "ring")),
        MENU,
        {"press": "1", "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "a wrong key, then the right one",
        Told(Status.ANSWERED, 63, 4, 8, destination=SHOP, path=("menu", "menu", "ring")),
        MENU,
        {"press": "71", "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "no key, twice: the menu's time is over",
        Told(Status.MISSED, 0, 0, 20, path=("menu", "menu", "bye")),
        MENU,
        hears="Good-bye.",
    ),
    Story(
        "a key, and a message",
        Told(Status.VOICEMAIL, 0, 0, 6, 17, path=("menu", "mailbox"), recorded=True),
        MENU,
        {"press": "2", "message_seconds": 17},
    ),
    Story(
        "nobody answers, and a message",
        Told(Status.VOICEMAIL, 0, 8, 0, 17, SHOP, ("ring", "mailbox"), recorded=True),
        SEQUENCE,
        {"outcome": "no-answer", "ring_seconds": 4, "message_seconds": 17},
    ),
    Story(
        "nobody answers, and no message",
        Told(Status.MISSED, 0, 8, 0, None, SHOP, ("ring", "mailbox")),
        SEQUENCE,
        {"outcome": "no-answer", "ring_seconds": 4, "message_seconds": 0},
    ),
    Story(
        "the second number answers",
        Told(
            Status.ANSWERED,
            63,
            8,
            destination=HOME,
            path=("ring",),
            legs=((SHOP, "no_answer"), (HOME, "answered")),
        ),
        SEQUENCE,
        {"outcome": ("no-answer", "answered"), "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "after the talk, on to another number",
        Told(
            Status.ANSWERED,
            60,
            2,
            destination=SHOP,
            path=("ring", "other"),
            legs=((SHOP, "answered"), (HOME, "answered")),
        ),
        flow(ring=Dial(targets=(Target(SHOP),), then="other"), other=Dial(targets=(Target(HOME),))),
        {"ring_seconds": 2, "talk_seconds": 30},
    ),
    Story(
        "all ring at once, one answers",
        Told(
            Status.ANSWERED, 63, 4, destination=HOME, path=("ring",), legs=((SHOP, "canceled"), (HOME, "answered"))
        ),
        AT_ONCE,
        {"of_number": {SHOP: "no-answer", HOME: "answered"}, "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "both pick up in the same moment",
        Told(Status.ANSWERED, 63, 4, path=("ring",)),
        AT_ONCE,
        {"of_number": {HOME: "answered", SHOP: "answered"}, "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "asked for a key, and the call is taken",
        Told(Status.ANSWERED, 63, path=("ring",), destination=SHOP, ring_seconds=4),
        SCREENED,
        {"ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "asked for a key, and declined",
        Told(
            Status.VOICEMAIL,
            0,
            8,
            0,
            17,
            SHOP,
            ("ring", "mailbox"),
            recorded=True,
            legs=((SHOP, "no_answer"), (HOME, "no_answer")),
        ),
        SCREENED,
        {"agent_press": "22", "ring_seconds": 4, "talk_seconds": 63, "message_seconds": 17},
    ),
    plain("the caller withholds the number", caller=None),
    plain("numbers without their +", without_plus=True),
    plain("vouched for, and with a name", attestation="A", caller_name="EXAMPLE INC"),
    plain("every webhook three times", duplicates=2),
    plain("status webhooks in no order", shuffle=True),
    plain("all status webhooks are lost", lost=frozenset(("all",)), destination=None),
    plain("status webhooks half an hour late", late_seconds=1800),
    plain("our answer is lost, and asked for again", ring=5, trouble=Trouble.ANSWER_LOST),
    plain("a number that nobody knows", destination=DEFAULT, trouble=Trouble.UNKNOWN_NUMBER),
    plain("the database is away", trouble=Trouble.DATABASE_AWAY),
    Story("somebody else's signature", None, trouble=Trouble.FORGED),
    plain("replayed ten minutes later", trouble=Trouble.REPLAYED),
    Story(
        "recorded, after the caller agreed",
        Told(Status.ANSWERED, 63, 4, 4, None, SHOP, ("notice", "record", "ring"), recorded=True),
        CONSENT,
        {"press": "1", "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "not recorded, for the caller did not agree",
        Told(Status.ANSWERED, 63, 4, 12, None, SHOP, ("notice", "ring")),
        CONSENT,
        {"ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "a survey by keys after the talk",
        Told(Status.ANSWERED, 63, 4, 0, None, SHOP, ("ring", "survey")),
        flow(
            ring=Dial(targets=(Target(SHOP),), then="survey"),
            survey=Survey(
                text="How was it?", answers={"1": Answer("sale", True)}, ask_value=True, value_text="Its worth?"
            ),
        ),
        {"press": "1150#", "ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "closed, by the hours",
        Told(Status.MISSED, path=("hours", "bye")),
        flow(
            hours=Schedule(hours=Hours("UTC"), open="ring", closed="bye"),
            bye=EndCall(file=CLOSED),
            **RING_SHOP,
        ),
        hears=CLOSED,
    ),
    Story(
        "by the caller's area, in the open hours",
        Told(Status.ANSWERED, 63, 4, destination=HOME, path=("hours", "area", "home")),
        flow(
            hours=Schedule(hours=ALWAYS, open="area", closed="ring"),
            area=GeoRoute(areas={"+1212": "home"}, otherwise="ring"),
            home=Dial(targets=(Target(HOME),)),
            **RING_SHOP,
        ),
        {"ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "the second of two calls in turn",
        Told(Status.ANSWERED, 63, 4, destination=HOME, path=("turn",)),
        flow(turn=RoundRobin(targets=BOTH, sticky=False)),
        {"ring_seconds": 4, "talk_seconds": 63},
        calls_before=1,
    ),
    Story(
        "a text that is longer than the carrier says at once",
        Told(Status.ANSWERED, 63, 4, 200, destination=SHOP, path=("long", "ring")),
        flow(long=Greeting(text=LONG, then="ring"), **RING_SHOP),
        {"ring_seconds": 4, "talk_seconds": 63},
    ),
    Story(
        "turned away",
        Told(Status.BLOCKED, path=("no",)),
        flow(no=Refuse(busy=True)),
    ),
)
