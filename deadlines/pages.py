"""What the calendar pages show, as flat rows, and the entry of this app in the navigation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import landing
from accounts.models import Unit
from common import clock, fmt, nav
from deadlines import statutory, wording
from deadlines.calendar import Calendar, Day
from deadlines.forms import rule_name
from deadlines.models import CalendarVersion, TimeRule, WorkingDay
from deadlines.services.moves import Move
from deadlines.states import CASES, ClockKind

# Rows of a what-if that a page lists; the sums count all.
SHOWN = 500


def register() -> None:
    nav.register(
        nav.OVERVIEW, gettext_lazy("Working-day calendar"), "deadlines:calendar", visible=landing.is_staff, order=82
    )


def weekdays() -> list[str]:
    """一 to 日: the last sign of the weekday in Chinese, its first three letters in English."""
    week = [fmt.weekday(date(2026, 6, day)) for day in range(1, 8)]
    return [name.removeprefix("周") for name in week]


def months(table: Calendar, year: int) -> list[dict[str, Any]]:
    """Twelve months in weeks from Monday on; a day carries a word where it is not what its weekday says."""
    rows = [row for row in table.days if row.day.year == year]
    found = []
    for month in range(1, 13):
        days = [row for row in rows if row.day.month == month]
        cells: list[dict[str, Any] | None] = [None] * days[0].day.weekday() + [_day(row) for row in days]
        cells += [None] * (-len(cells) % 7)
        found.append(
            {
                "name": _("%(month)s, %(days)d working days")
                % {"month": fmt.month(days[0].day), "days": sum(row.works for row in days)},
                "working": sum(row.works for row in days),
                "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)],
            }
        )
    return found


def _day(row: Day) -> dict[str, Any]:
    weekday = row.day.weekday() < statutory.SATURDAY
    tones = ["" if row.works else "is-off", "is-today" if row.day == clock.today() else ""]
    return {
        "number": row.day.day,
        "mark": "" if row.works == weekday else pgettext("day", "on") if row.works else pgettext("day", "off"),
        "tone": " ".join(tone for tone in tones if tone),
        "title": _title(row),
    }


def _title(row: Day) -> str:
    words = [fmt.cn_date(row.day), _("working day") if row.works else _("day off"), row.label]
    return "，".join(word for word in words if word)


def special_days(table: Calendar, year: int) -> list[dict[str, Any]]:
    """Days that are not what their weekday says, those that follow one another in one row."""
    rows: list[dict[str, Any]] = []
    for row in table.days:
        weekend = row.day.weekday() >= statutory.SATURDAY
        if row.day.year != year or (row.works != weekend and not (weekend and row.label)):
            continue
        last = rows[-1] if rows else None
        if last and (last["until"] - row.day).days == -1 and (last["label"], last["works"]) == (row.label, row.works):
            last["until"] = row.day
        else:
            rows.append(
                {"from": row.day, "until": row.day, "label": row.label, "works": row.works, "source": row.source}
            )
    return [_special(row) for row in rows]


def _special(row: dict[str, Any]) -> dict[str, Any]:
    days = fmt.plain_date(row["from"])
    if row["until"] != row["from"]:
        days = _("%(first)s to %(last)s") % {"first": days, "last": fmt.plain_date(row["until"])}
    return {
        "days": days,
        "count": (row["until"] - row["from"]).days + 1,
        "word": _("works") if row["works"] else _("day off"),
        "works": row["works"],
        "label": row["label"],
        "source": WorkingDay.Source(row["source"]).label,
    }


def editions(versions: Iterable[CalendarVersion], current: int) -> list[dict[str, Any]]:
    return [
        {
            "name": _("Edition %(number)d") % {"number": one.number},
            "state": _("in force") if one.pk == current else one.get_state_display(),
            "at": fmt.full_date(one.applied_at or one.created_at),
            "by": one.created_by.user.name if one.created_by else _("System"),
            "note": one.note,
            "url": reverse("deadlines:what_if", args=[one.number]) if one.state == one.State.DRAFT else "",
        }
        for one in versions
    ]


def differences(before: Calendar, after: Calendar) -> list[dict[str, str]]:
    """The days that work in one edition and not in the other."""
    return [
        {
            "day": fmt.cn_date(new.day),
            "before": _("works") if old.works else _("day off"),
            "after": _("works") if new.works else _("day off"),
            "label": new.label,
        }
        for old, new in zip(before.days, after.days, strict=True)
        if old.works != new.works
    ]


def moves(found: list[Move]) -> dict[str, Any]:
    units = dict(Unit.objects.filter(pk__in={move.holder_unit_id for move in found}).values_list("pk", "name"))
    return {
        "rows": [_move(move, units) for move in found[:SHOWN]],
        "total": len(found),
        "later": sum(move.after > move.before for move in found),
        "earlier": sum(move.after < move.before for move in found),
        "more": max(len(found) - SHOWN, 0),
    }


def _move(move: Move, units: dict[int, str]) -> dict[str, str]:
    return {
        "ref": move.subject_ref,
        "kind": str(ClockKind(move.kind).label),
        "unit": units.get(move.holder_unit_id or 0, ""),
        "before": fmt.md_hm(move.before),
        "after": fmt.md_hm(move.after),
        "days": fmt.signed(move.days, 0) if move.days else "0",
    }


def rules(found: Iterable[TimeRule]) -> list[dict[str, Any]]:
    """Each limit with its versions, the newest first; ``now`` marks the one in force."""
    today = clock.today()
    grouped: dict[tuple[str, str], list[TimeRule]] = defaultdict(list)
    for rule in found:
        grouped[rule.kind, rule.case].append(rule)
    kinds, cases = [kind.value for kind in ClockKind], ["", *CASES]
    rows = []
    for kind, case in sorted(grouped, key=lambda key: (kinds.index(key[0]), cases.index(key[1]))):
        versions = sorted(grouped[kind, case], key=lambda rule: (rule.valid_from, rule.version), reverse=True)
        now = next((rule for rule in versions if rule.valid_from <= today), versions[-1])
        rows.append(
            {
                "name": rule_name(now),
                "limit": wording.limit(now.amount, now.unit),
                "version": now.version,
                "since": fmt.full_date(now.valid_from),
                "coming": [
                    f"{fmt.full_date(rule.valid_from)}：{wording.limit(rule.amount, rule.unit)}"
                    for rule in versions
                    if rule.valid_from > today
                ],
                "url": reverse("deadlines:replace_rule", args=[kind, case or "-"]),
            }
        )
    return rows
