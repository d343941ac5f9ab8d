"""The month: freeze its cases, count them, rank the groups. Started by the beat, the command or the coordinator."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import SYSTEM, Actor
from accounts.policy import can
from assessments import messages, periods, scheme
from assessments.models import FrozenCase, Result, Run
from assessments.periods import Period
from assessments.scheme import Scheme
from assessments.services import results
from common.errors import Conflict, require
from deadlines import calendar

# The key space of our advisory locks: one month is computed by one process at a time.
LOCK = 7402


@transaction.atomic
def assess(*, month: str, now: datetime, actor: Actor = SYSTEM) -> Run:
    """Make or renew the draft of ``month``. A month that was proposed or published stays as it is, and its run is
    returned unchanged; unchanged data gives the same rows, figures and ``data_sha256``.

    ValidationError for a month that has not begun; PermissionDenied (403) for whoever may not.
    """
    if not can(actor, "assess", Run):
        raise PermissionDenied
    periods.of(month, window=1, now=now)
    lock(month)
    run = Run.objects.draft(month)
    if run is None:
        published = Run.objects.published().filter(month=month).first()
        if published is not None:
            return published
        run = _new(month, version=1, state=Run.State.DRAFT, now=now)
    if run.state == Run.State.PROPOSED:
        return run
    audit.record(actor, "assess", "assessment", month, version=run.version)
    return _renew(run, now)


@transaction.atomic
def rehearse(*, month: str, now: datetime, actor: Actor = SYSTEM) -> Run:
    """Make or renew the rehearsal of a month that still runs: what each unit would get if it ended now."""
    if not can(actor, "assess", Run):
        raise PermissionDenied
    if periods.of(month, window=1, now=now).over:
        raise Conflict(_("The month is over: it has a draft, not a rehearsal."), code="month_over")
    lock(month)
    run = Run.objects.filter(month=month, state=Run.State.REHEARSAL).first()
    if run is None:
        run = _new(month, version=0, state=Run.State.REHEARSAL, now=now)
    _compute(run, now)
    messages.rehearsed(run, at=now)
    return run


@transaction.atomic
def correct(*, month: str, reason: str, now: datetime, actor: Actor) -> Run:
    """Open a new version of a published month as a draft: the published one counts until the new one is published,
    again by two persons and after the days in which it may be contested."""
    if not can(actor, "correct", Run):
        raise PermissionDenied
    lock(month)
    published = Run.objects.published().filter(month=month).first()
    if published is None or Run.objects.draft(month) is not None:
        raise Conflict(_("Only a published month without an open draft can be corrected."), code="not_published")
    require(reason=(reason.strip(), _("Say why the published result is corrected.")))
    run = _new(month, version=published.version + 1, state=Run.State.DRAFT, now=now, reason=reason.strip())
    audit.record(actor, "correct", "assessment", month, version=run.version)
    return _renew(run, now)


def recompute(run: Run, *, refreeze: Iterable[int] = ()) -> None:
    """Figures, ranks and cards of a draft anew out of its frozen rows; the caller holds the month's lock.

    A unit that a ruling brought below the minimum (``refreeze``) gets the rows of the longer window."""
    rules = scheme.of(run.scheme)
    period = _period(run, rules)
    small = set(Result.objects.filter(run=run, window__gt=1).values_list("unit_id", flat=True))
    units = list(refreeze)
    if units:
        FrozenCase.objects.filter(run=run, unit_id__in=units).delete()
        small = small - set(units) | FrozenCase.objects.freeze(run, period, rules, units)
    _rank(run, period, rules, small)


def lock(month: str) -> None:
    """Wait until nobody else computes or publishes ``month``; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, int(month.replace("-", ""))])


def _new(month: str, *, version: int, state: str, now: datetime, reason: str = "") -> Run:
    row = scheme.for_month(month)
    period = periods.of(month, window=1, now=now)
    return Run.objects.create(
        month=month,
        version=version,
        state=state,
        scheme=row,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        computed_at=now,
        reason=reason,
    )


def _renew(run: Run, now: datetime) -> Run:
    """Compute a draft; when its rows are new, the days in which units may contest begin again."""
    before = run.data_sha256
    _compute(run, now)
    if now >= run.ends_at and (run.data_sha256 != before or run.contest_until is None):
        days = scheme.of(run.scheme).contest_days
        run.contest_until = calendar.current().due(now, days, "wd")
        run.save(update_fields=["contest_until"])
        messages.drafted(run, at=now)
    return run


def _compute(run: Run, now: datetime) -> None:
    rules = scheme.of(run.scheme)
    run.computed_at = now
    period = _period(run, rules)
    FrozenCase.objects.filter(run=run).delete()
    _rank(run, period, rules, FrozenCase.objects.freeze(run, period, rules))


def _period(run: Run, rules: Scheme) -> Period:
    return periods.of(run.month, window=rules.window, now=run.computed_at)


def _rank(run: Run, period: Period, rules: Scheme, small: set[int]) -> None:
    rows = FrozenCase.objects.tally(run)
    tallies = results.tallies_of(rows)
    run.data_sha256 = digest_of(rules, rows)
    run.save(update_fields=["data_sha256", "computed_at"])
    Result.objects.filter(run=run).delete()
    Result.objects.bulk_create(results.build(run, period, rules, tallies, small))


def digest_of(rules: Scheme, rows: Iterable[dict[str, Any]]) -> str:
    """The digest of the frozen rows, from those of the counted ones: what two persons sign."""
    digest = hashlib.sha256(f"scheme {rules.version}\n".encode())
    for row in rows:
        digest.update(f"{row['unit_id']} {row['indicator']} {row['digest']}\n".encode())
    return digest.hexdigest()
