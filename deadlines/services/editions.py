"""Editions of the working-day calendar: building one, proposing a new one, applying it (PRODUCT.md §2).

An edition holds every day from 2004 to 2032. It is never changed: what an administrator enters becomes a draft, whose
what-if shows the open deadlines that would move, and one confirmed act applies it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible
from deadlines import statutory
from deadlines.models import AnnouncedYear, CalendarOverride, CalendarVersion, WorkingDay
from deadlines.services import moves

FIRST_DAY = date(2004, 1, 1)
LAST_DAY = date(2032, 12, 31)
Source = WorkingDay.Source


@dataclass(frozen=True)
class Override:
    """``day`` works, or does not, whatever the library says; ``announced`` when the State Council says so."""

    day: date
    works: bool
    label: str = ""
    announced: bool = False


@transaction.atomic
def ensure_calendar() -> CalendarVersion | None:
    """Edition 1, built from what the library knows, where there is none yet."""
    if CalendarVersion.objects.exists():
        return None
    now = clock.now()
    version = CalendarVersion.objects.create(
        number=1, state=CalendarVersion.State.APPLIED, created_at=now, applied_at=now
    )
    _write_days(version, overrides=(), years=())
    return version


@transaction.atomic
def propose_calendar(
    *,
    actor: Actor,
    overrides: Sequence[Override] = (),
    years: Iterable[int] = (),
    dropped: Iterable[date] = (),
    note: str = "",
) -> CalendarVersion:
    """A draft: the current edition's overrides and announced years, with these added (the newer word on a day wins) and
    those of ``dropped`` days taken out, on what the library knows today. Changes nothing yet."""
    if not can(actor, "propose_calendar", CalendarVersion):
        raise PermissionDenied
    years = frozenset(years)
    _check_draft(overrides, years)
    current = CalendarVersion.objects.get(pk=CalendarVersion.objects.current_id())
    post = actor.in_role(Role.SYSTEM_ADMIN)
    version = CalendarVersion.objects.create(number=_next_number(), note=note, created_at=clock.now(), created_by=post)
    merged = _carried(current, set(dropped)) | {one.day: one for one in _filled(overrides, years)}
    years |= set(current.years.values_list("year", flat=True))
    CalendarOverride.objects.bulk_create(
        CalendarOverride(version=version, day=one.day, works=one.works, label=one.label, announced=one.announced)
        for one in merged.values()
    )
    AnnouncedYear.objects.bulk_create(AnnouncedYear(version=version, year=year) for year in sorted(years))
    _write_days(version, overrides=merged.values(), years=years)
    audit.record(actor, "propose_calendar", "calendar", version.number, post=post, years=sorted(years), note=note)
    return version


def what_if(version: CalendarVersion, *, at: datetime | None = None) -> list[moves.Move]:
    """The open deadlines that would move if ``version`` were applied now, and by how much. Changes nothing."""
    return moves.what_if(version.pk, at=at or clock.now())


@transaction.atomic
def apply_calendar(*, actor: Actor, version_id: int, at: datetime | None = None) -> int:
    """Make a draft the current edition and move the open deadlines that it moves, each with an entry in its history and
    a notice to its holder. Deadlines that have passed, met ones and given ones stay. Returns how many moved."""
    drafts = CalendarVersion.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    version = drafts.filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    if not can(actor, "apply_calendar", CalendarVersion):
        raise PermissionDenied
    _check_newest(version)
    at = at or clock.now()
    version.state = CalendarVersion.State.APPLIED
    post = actor.in_role(Role.SYSTEM_ADMIN)
    version.applied_at, version.applied_by = at, post
    version.save(update_fields=["state", "applied_at", "applied_by"])
    moved = moves.settle(version.pk, at=at, post_id=post.pk if post else None)
    audit.record(actor, "apply_calendar", "calendar", version.number, post=post, moved=moved)
    return moved


def missing_statutory(overrides: Iterable[Override], year: int) -> list[date]:
    """Days of the law that an entered announcement of ``year`` leaves working: most likely a slip of the pen."""
    off = {one.day for one in overrides if not one.works}
    on = {one.day for one in overrides if one.works}
    days = statutory.statutory_days(year)
    return [day for day in sorted(days) if day in on or (day not in off and day.weekday() < statutory.SATURDAY)]


def _check_draft(overrides: Sequence[Override], years: frozenset[int]) -> None:
    days = [one.day for one in overrides]
    if any(not FIRST_DAY <= day <= LAST_DAY for day in days):
        raise ValidationError(_("Days from 2004 to 2032 can be entered."))
    if len(days) != len(set(days)):
        raise ValidationError(_("A day is entered twice."))
    for year in years:
        if not any(day.year == year for day in days):
            raise ValidationError(_("The announcement of %(year)s has no days."), params={"year": year})


def _check_newest(version: CalendarVersion) -> None:
    """Two drafts side by side: the older one doesn't hold what the other added, so applying it would undo that."""
    newest = CalendarVersion.objects.applied().aggregate(number=Max("number"))["number"]
    if version.state == CalendarVersion.State.APPLIED:
        raise Conflict(_("This edition is in force already."), state=version.state, version=version.number)
    if version.number < newest:
        raise Conflict(
            _("Edition %(number)s has come into force since this draft was made. Make a new draft.")
            % {"number": newest},
            state=version.state,
            version=newest,
        )


def _next_number() -> int:
    # One proposal at a time: the table lock of a single row would not stop two readers of the same maximum.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('deadlines_calendarversion'))")
    return int(CalendarVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _carried(current: CalendarVersion, dropped: set[date]) -> dict[date, Override]:
    rows = current.overrides.exclude(day__in=dropped).values_list("day", "works", "label", "announced")
    return {row[0]: Override(*row) for row in rows}


def _filled(overrides: Iterable[Override], years: frozenset[int]) -> list[Override]:
    """Days of an announced year belong to its announcement, also the last ones of the year before it."""
    if not years:
        return list(overrides)
    first = min(date(year - 1, 12, 1) for year in years)
    return [replace(one, announced=one.announced or one.day >= first) for one in overrides]


def _write_days(version: CalendarVersion, *, overrides: Iterable[Override], years: Iterable[int]) -> None:
    """All days of the edition in one statement."""
    rows = _days({one.day: one for one in overrides}, frozenset(years))
    columns = list(zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO deadlines_workingday (version_id, day, works, n, source, label)
            SELECT %s, day, works, count(*) FILTER (WHERE works) OVER (ORDER BY day), source, label
              FROM unnest(%s::date[], %s::boolean[], %s::text[], %s::text[]) AS d (day, works, source, label)
            """,
            [version.pk, *(list(column) for column in columns)],
        )


def _days(overrides: dict[date, Override], years: frozenset[int]) -> list[tuple[date, bool, str, str]]:
    known = statutory.library_years()
    rows = []
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=offset)
        rows.append((day, *_day(day, overrides.get(day), known, years)))
    return rows


def _day(day: date, override: Override | None, known: frozenset[int], years: frozenset[int]) -> tuple[bool, str, str]:
    """(works, source, label): an override, else the entered announcement, else the library, else the law."""
    if override:
        source = Source.ANNOUNCED if override.announced else Source.OVERRIDE
        return override.works, source.value, override.label
    if day.year in years:
        return day.weekday() < statutory.SATURDAY, Source.ANNOUNCED.value, ""
    if day.year in known:
        works, label = statutory.library_day(day)
        return works, Source.ANNOUNCED.value, label
    works, label = statutory.statutory_day(day)
    return works, Source.PROVISIONAL.value, label
