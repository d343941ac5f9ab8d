"""What the beat and the bell call: thin, the work is in the services."""

from __future__ import annotations

from celery import shared_task

from projects.services import imports as lists


@shared_task
def imports() -> None:
    """Rung when a list of projects comes in or is to be written, and by the beat for bells that nobody heard."""
    lists.carry_on_all()
