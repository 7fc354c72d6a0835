"""Instants as the company's people read them: in its time zone, written the way of its country."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from swapboard.clock import Millis, zone
from swapboard.hour_of_day import hour_name, hour_span, twelve_hours
from swapboard.language import dated, month_day, weekday
from swapboard.web.dashboard.translation import _


@dataclass(frozen=True, slots=True)
class Moments:
    """Writes instants for one company; `now` is what "today" is measured from."""

    time_zone: str
    country: str
    now: Millis

    def local(self, at: Millis) -> datetime:
        """The instant on the company's clocks."""
        return datetime.fromtimestamp(at / 1000, zone(self.time_zone))

    def day_start(self, days_ago: int = 0) -> Millis:
        """When today, or a day so many days ago, began."""
        day = self.local(self.now).date() - timedelta(days=days_ago)
        return round(datetime.combine(day, time(), zone(self.time_zone)).timestamp() * 1000)

    def iso(self, at: Millis) -> str:
        """For `<time datetime>`."""
        return self.local(at).isoformat(timespec="seconds")

    @property
    def twelve_hours(self) -> bool:
        """Whether clocks are read with am and pm."""
        return twelve_hours(self.country)

    def clock(self, at: Millis, *, seconds: bool = False) -> str:
        """`14:05`, or `2:05 pm` where people write it so; with seconds on request."""
        moment = self.local(at)
        rest = f"{moment:%M:%S}" if seconds else f"{moment:%M}"
        if not self.twelve_hours:
            return f"{moment:%H}:{rest}"
        return f"{moment.hour % 12 or 12}:{rest}\u00a0{'am' if moment.hour < 12 else 'pm'}"

    def hour(self, hour: int) -> str:
        """`14:00`, or `2 pm` where people read it so."""
        return hour_name(hour, self.country)

    def hour_span(self, hour: int) -> str:
        """From an hour to the next."""
        return hour_span(hour, self.country)

    def day(self, at: Millis) -> str:
        """`Today`, `Yesterday`, else the date, with the year when it is another one."""
        return self.named(self.local(at).date())

    def named(self, day: date) -> str:
        """The same of a day of the calendar."""
        today = self.local(self.now).date()
        if day == today:
            return _("Today")
        if day == today - timedelta(days=1):
            return _("Yesterday")
        return month_day(day, self.country) if day.year == today.year else self.dated(day)

    def weekday(self, at: Millis) -> str:
        """`Today`, else the day of the week with its date."""
        day = self.day(at)
        return day if day == _("Today") else f"{weekday(self.local(at), short=True)}, {day}"

    def short(self, at: Millis) -> str:
        """The clock alone for today, else day and clock."""
        is_today = self.local(at).date() == self.local(self.now).date()
        return self.clock(at) if is_today else f"{self.day(at)}, {self.clock(at)}"

    def full(self, at: Millis) -> str:
        """Everything, for who points at a time."""
        moment = self.local(at)
        return f"{weekday(moment)}, {self.dated(moment.date())}, {self.clock(at, seconds=True)} {moment:%Z}"

    def printed(self) -> str:
        """When this page was made: on paper nobody knows which day was today."""
        moment = self.local(self.now)
        return f"{self.dated(moment.date())}, {self.clock(self.now)} {moment:%Z}"

    def dated(self, day: date | str) -> str:
        """A date with its year; it may be written as forms have it."""
        return dated(date.fromisoformat(day) if isinstance(day, str) else day, self.country)


def spelled(seconds: float) -> str:
    """A length of time with its units, for where nothing else tells them: `19 s`, `1 min 3 s`, `1 h 2 min`."""
    hours, rest = divmod(max(0, int(seconds)), 3600)
    minutes, left = divmod(rest, 60)
    parts = {_("%(n)s h"): hours, _("%(n)s min"): minutes, _("%(n)s s"): 0 if hours else left}
    said = [text % {"n": number} for text, number in parts.items() if number] or [_("%(n)s s") % {"n": 0}]
    return " ".join(said).replace(" ", "\u00a0")
