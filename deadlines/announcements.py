"""Reading what an administrator types or pastes: one line a day or a span of days.

2027-02-05 休 春节
2027-02-05 至 2027-02-12 休 春节
2027-02-20 班 春节
2027-03-01 撤            (back to what the library or the law says)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from deadlines.services.editions import Override

OFF = frozenset({"休", "放假", "休息", "off"})
ON = frozenset({"班", "上班", "补班", "调休上班", "work"})
BACK = frozenset({"撤", "撤销", "drop"})
LONGEST = 31
LINE = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|~|\.\.|—)\s*(?P<last>\d{4}-\d{1,2}-\d{1,2}))?"
    r"\s+(?P<word>\S+)(?:\s+(?P<label>.{1,40}))?"
)


@dataclass
class Announcement:
    overrides: list[Override] = field(default_factory=list)
    dropped: list[date] = field(default_factory=list)


def read(text: str) -> Announcement:
    """The days of ``text``; a ValidationError names every line that can't be read."""
    found = Announcement()
    mistakes = []
    for number, line in enumerate(text.splitlines(), start=1):
        # A pasted announcement may hold full-width figures and blanks.
        line = unicodedata.normalize("NFKC", line).strip()
        if not line or line.startswith("#"):
            continue
        try:
            _read_line(line, found)
        except ValueError:
            mistakes.append(
                ValidationError(_("Line %(number)d can't be read: %(line)s") % {"number": number, "line": line[:60]})
            )
    if mistakes:
        raise ValidationError(mistakes)
    return found


def _read_line(line: str, found: Announcement) -> None:
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(line)
    days = _days(match["first"], match["last"] or match["first"])
    word, label = match["word"].lower(), (match["label"] or "").strip()
    if word in BACK:
        found.dropped += days
    elif word in OFF or word in ON:
        found.overrides += [Override(day, word in ON, label) for day in days]
    else:
        raise ValueError(line)


def _days(first: str, last: str) -> list[date]:
    begin, end = _date(first), _date(last)
    if not begin <= end <= begin + timedelta(days=LONGEST - 1):
        raise ValueError(f"{first} {last}")
    return [begin + timedelta(days=offset) for offset in range((end - begin).days + 1)]


def _date(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)
