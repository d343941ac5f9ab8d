"""What the beat and the bell call: thin, the work is in the services."""

from __future__ import annotations

from celery import shared_task

from assessments import periods, services
from common import clock


@shared_task
def monthly() -> None:
    """On the 1st at 06:00: the draft of the month before."""
    now = clock.now()
    services.assess(month=periods.before(periods.month_of(now)), now=now)


@shared_task
def rehearse() -> None:
    """On the 20th at 06:00: each unit's rehearsal of the month that runs."""
    now = clock.now()
    services.rehearse(month=periods.month_of(now), now=now)


@shared_task
def papers() -> None:
    """Rung when a month is published, and by the beat: the papers that are still missing."""
    services.issue_papers(now=clock.now())
