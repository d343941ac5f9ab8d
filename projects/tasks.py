"""What the beat and the bell call: thin, the work is in the services."""

from __future__ import annotations

from celery import shared_task

from common import clock
from projects import services
from projects.services import imports as lists


@shared_task
def imports() -> None:
    """Rung when a list of projects comes in or is to be written, and by the beat for bells that nobody heard."""
    lists.carry_on_all()


@shared_task
def papers() -> None:
    """Rung when a brief is issued, and by the beat: the briefs that have no paper yet."""
    services.print_briefs(now=clock.now())


@shared_task
def remind() -> None:
    """Each morning: silence, figures and answers that are missing, meetings of chains that were missed."""
    now = clock.now()
    services.remind_of_silence(now=now)
    services.remind_of_months(now=now)
    services.remind_of_chains(now=now)


@shared_task
def friday() -> None:
    """Each afternoon: the report on approvals of the last Friday, which everybody is told of once."""
    services.tell_of_friday(now=clock.now())
