"""The doctor's eyes on what the apps know: the calendar's reach, the outbox, the event chain and the audit trail."""

from collections.abc import Iterator

from django.db import DatabaseError

from accounts.services.trail import verify_trail
from common import clock
from common.diagnosis import Finding, examines, fail, ok, warn
from deadlines import calendar
from deadlines.models import CalendarVersion
from issues.services.proofs import prove
from notices import health


@examines("calendar")
def calendar_coverage() -> Iterator[Finding]:
    """The working days of this year and the next: announced, or guessed from the statutory days?"""
    today = clock.today()
    try:
        current = calendar.current()
    except (CalendarVersion.DoesNotExist, DatabaseError):
        yield fail("there is no calendar", "bin/manage bootstrap makes one.")
        return
    for year in (today.year, today.year + 1):
        if not current.is_provisional(today.replace(year=year, month=12, day=31)):
            yield ok(f"{year} is announced")
        elif year == today.year:
            yield fail(f"{year} is provisional", "Enter the announced holidays: every deadline rests on a guess.")
        else:
            yield warn(f"{year} is provisional", "Enter the holidays when they are announced (as a rule in November).")


@examines("outbox")
def outbox() -> Iterator[Finding]:
    try:
        status = health.status()
    except DatabaseError:
        yield fail("can't be read", "bin/manage migrate")
        return
    if status["dead"]:
        text = f"{status['dead']} notices given up: {'; '.join(status['errors'])}"
        yield fail(text, "Mend the cause, then send them again (help, outbox).")
    yield ok(f"{status['waiting']} waiting to be sent")


@examines("event chain")
def event_chain() -> Iterator[Finding]:
    """All of it, as each night: some seconds for ten thousands of events."""
    try:
        count, wrong = prove()
    except DatabaseError:
        yield fail("can't be read", "bin/manage migrate")
        return
    if wrong:
        yield fail(wrong[0], "Keep the database as it is, tell the auditor, compare with a backup.")
        return
    yield ok(f"{count} events proved")


@examines("audit trail")
def audit_trail() -> Iterator[Finding]:
    """All of it, as each night; entries older than the seals are counted and not proved."""
    try:
        trail = verify_trail()
    except DatabaseError:
        yield fail("can't be read", "bin/manage migrate")
        return
    if trail.broken:
        yield fail(f"BROKEN {trail.broken}", "Keep the database as it is, tell the auditor, compare with a backup.")
        return
    yield ok(str(trail))
