"""Why the script leaves an occurrence of the number as it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; only problems make the check fail."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTE = "note"
    FINE = "fine"


class Reason(StrEnum):
    """Why an occurrence is not swapped."""

    SPLIT = "split"
    NOTATION = "notation"
    LETTERS = "letters"
    NO_AREA_CODE = "no_area_code"
    LINK = "link"
    FRAME = "frame"
    SHADOW = "shadow"
    STYLE = "style"
    OPTION = "option"
    ATTRIBUTE = "attribute"
    IMAGE = "image"
    INPUT = "input"
    EDITABLE = "editable"
    OFF = "off"
    SCRIPT = "script"
    NOT_SEEN = "not_seen"
    DATA = "data"
    JSON_LD = "json_ld"
    MICRODATA = "microdata"
    MICRODATA_SHOWN = "microdata_shown"
    NOT_LOOKED_FOR = "not_looked_for"
    HEAD = "head"
    COMMENT = "comment"
    NOSCRIPT = "noscript"
    TEMPLATE = "template"
    WEB_ADDRESS = "web_address"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reason in words."""

    severity: Severity
    why: str
    what_to_do: str


_NOTHING = "Nothing to do."

EXPLANATIONS = {
    Reason.SPLIT: Explanation(
        Severity.PROBLEM,
        "The number is cut into pieces by the mark-up, so the script cannot see it as one number.",
        "Write the whole number inside one element.",
    ),
    Reason.NOTATION: Explanation(
        Severity.PROBLEM,
        "The number is written in a way that the script does not read.",
        "Write it with its area code and plain digits, such as (202) 555-0100 or +1 202-555-0100.",
    ),
    Reason.LETTERS: Explanation(
        Severity.PROBLEM,
        "The number is spelled with letters, which have no digits to replace.",
        "Add the spelled text as a vanity text in the set-up, or write the number in digits.",
    ),
    Reason.NO_AREA_CODE: Explanation(
        Severity.PROBLEM,
        "The number is written without its area code, so it cannot be told from other numbers.",
        "Write it with its area code.",
    ),
    Reason.LINK: Explanation(
        Severity.PROBLEM,
        "This kind of link is not swapped.",
        "Use a tel: link for calls.",
    ),
    Reason.FRAME: Explanation(
        Severity.PROBLEM,
        "The number stands in a frame that the script on this page cannot reach.",
        "Put the number on the page itself, or the script on the framed page too.",
    ),
    Reason.SHADOW: Explanation(
        Severity.PROBLEM,
        "The number stands inside a web component that keeps its content to itself (closed shadow DOM).",
        "Pass the number into the component as ordinary text (a slot), or ask for it with"
        " swapboard('number', …) in the component.",
    ),
    Reason.STYLE: Explanation(
        Severity.WARNING,
        "The number is drawn by a style sheet, which the script does not change.",
        "Write the number as text on the page.",
    ),
    Reason.OPTION: Explanation(
        Severity.WARNING, "The number is a choice in a list, which is not swapped.", "Write it beside the list."
    ),
    Reason.ATTRIBUTE: Explanation(
        Severity.WARNING,
        "The number stands in an attribute that people may see or hear, but that is not swapped.",
        "Write the number as text, and leave it out of the attribute.",
    ),
    Reason.IMAGE: Explanation(
        Severity.WARNING,
        "A guess, made from the picture's name or description: the picture shows the number."
        " A picture cannot be swapped.",
        "If it does, write the number as text instead.",
    ),
    Reason.INPUT: Explanation(
        Severity.NOTE,
        "The number is the content of a form field, which the script never touches.",
        "If people should ring it, write it as text.",
    ),
    Reason.EDITABLE: Explanation(
        Severity.NOTE,
        "The number stands in a text that visitors can edit, which the script never touches.",
        "If people should ring it, write it outside.",
    ),
    Reason.OFF: Explanation(
        Severity.NOTE,
        "The page (data-swapboard=off) or the site's settings say that the number stays here.",
        "Nothing to do if you meant it.",
    ),
    Reason.SCRIPT: Explanation(
        Severity.NOTE,
        "The number stands in a program. If the program writes it on the page, it is swapped there.",
        "Check with --render what visitors get to see.",
    ),
    Reason.NOT_SEEN: Explanation(
        Severity.PROBLEM,
        "In the browser the script did not swap this, though by the rules it should have.",
        "Look at the page's other findings; if there are none, tell us: it may be a bug.",
    ),
    Reason.DATA: Explanation(
        Severity.FINE, "A data attribute, which programs read and people do not see.", _NOTHING
    ),
    Reason.JSON_LD: Explanation(
        Severity.FINE, "Structured data for search engines: it must keep the business's own number.", _NOTHING
    ),
    Reason.MICRODATA: Explanation(
        Severity.FINE, "Structured data for search engines: it must keep the business's own number.", _NOTHING
    ),
    Reason.MICRODATA_SHOWN: Explanation(
        Severity.WARNING,
        'The number is shown to people and is structured data for search engines too (itemprop="telephone"),'
        " so the script leaves it alone.",
        'Put the structured data into a <meta itemprop="telephone" content="…"> of its own, or allow the swap in'
        " the site's settings.",
    ),
    Reason.NOT_LOOKED_FOR: Explanation(
        Severity.NOTE,
        "The script on the page is not set up to look for this number.",
        "Add it as a swap target if it should be swapped.",
    ),
    Reason.HEAD: Explanation(
        Severity.FINE, "The page's title and descriptions, which search engines read, keep the number.", _NOTHING
    ),
    Reason.COMMENT: Explanation(Severity.FINE, "A comment in the source, which nobody sees.", _NOTHING),
    Reason.NOSCRIPT: Explanation(
        Severity.FINE, "Shown only to visitors without JavaScript, who keep the business's own number.", _NOTHING
    ),
    Reason.TEMPLATE: Explanation(
        Severity.FINE, "A template is not shown. What a program makes of it is swapped then.", _NOTHING
    ),
    Reason.WEB_ADDRESS: Explanation(
        Severity.FINE, "Digits in a web address, which the script leaves alone.", _NOTHING
    ),
}
