"""The months of 临江区 that does not exist, lived through as the monthly tasks and two persons would have done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from accounts.actors import Actor
from assessments import periods, services
from assessments.models import Run
from common import clock
from deadlines import calendar
from issues.demo.cast import Cast
from issues.demo.stories import Act

SIX, REHEARSAL_DAY = time(6), 20


def acts(cast: Cast, now: datetime) -> list[tuple[datetime, Act]]:
    """Last month's draft on the 1st, its signatures once nobody may contest any more, and the rehearsal of the 20th, as
    far as they lie in the past."""
    month = periods.month_of(now)
    last = periods.before(month)
    first = clock.local(now).date().replace(day=1)
    signed = calendar.current().add_working_days(first, 4)
    planned: list[tuple[datetime, Act]] = [
        (_at(first, SIX), lambda at: services.assess(month=last, now=at)),
        (_at(signed, time(10)), lambda at: _propose(cast.people["coordinator"], last, at)),
        (_at(signed, time(11)), lambda at: _publish(cast.people["supervisor"], last, at)),
        (_at(first + timedelta(days=REHEARSAL_DAY - 1), SIX), lambda at: services.rehearse(month=month, now=at)),
    ]
    return [(at, act) for at, act in planned if at <= now]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.SHANGHAI)


def _propose(actor: Actor, month: str, at: datetime) -> None:
    run = Run.objects.get(month=month, state=Run.State.DRAFT)
    services.propose_publication(run_id=run.pk, actor=actor, data_sha256=run.data_sha256, now=at)


def _publish(actor: Actor, month: str, at: datetime) -> None:
    run = Run.objects.get(month=month, state=Run.State.PROPOSED)
    services.publish(run_id=run.pk, actor=actor, data_sha256=run.data_sha256, now=at)
