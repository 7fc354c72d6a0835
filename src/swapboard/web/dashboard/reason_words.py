"""Why something counts or does not, and why two counts differ, as pages say it: the texts to translate."""

from collections.abc import Mapping

from swapboard.web.dashboard.translation import Words, _

_CONVERSION = (
    _("Calls count here."),
    _("Calls do not count here, only forms."),
    _("Forms count here."),
    _("Forms do not count here, only calls."),
    _("It is told what happens to calls, and not what counts."),
    _("It is marked as spam."),
    _("They had not called before."),
    _("They had called before."),
    _("Somebody marked it as a good lead."),
    _("Nobody has marked it as a good lead yet."),
    _("It has the tag {tags}."),
    _("It has none of the tags {tags}."),
    _("It was answered."),
    _("It was not answered."),
    _("They talked for {talk} s; {least} s are asked for."),
    _("They talked for {talk} s, less than the {least} s that are asked for."),
    _("No visit to the site is known to have made it."),
    _("It is matched with a visit with {sure}; your rule asks for {least}."),
    _("It is matched with a visit with only {sure}, below your rule's {least}."),
)
_AGREEMENT = (
    _("are not told yet."),
    _("were not sent."),
    _("were refused."),
    _("were conversions, and are none after all."),
    _("calls of this day count on an earlier one, that of their click."),
    _("more than it was told: modelled by the platform, or counted by another tag or import."),
    _("share their click with another: an action that counts one a click leaves them out."),
    _("came over {days} days after the click: outside the usual window."),
    _("were taken but are not shown: no consent there, a shorter window, or not processed yet (up to a day)."),
)
REASON: Mapping[str, str] = Words({text: text for text in (*_CONVERSION, *_AGREEMENT)})
"""By the words of `conversions.conversion.Reason` and `reports.agreement.Reason`."""
