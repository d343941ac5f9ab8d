"""What worker and beat call."""

from __future__ import annotations

from celery import shared_task

from common import clock
from deadlines.services.sweep import sweep

# Well within the worker's time limit of 270 s: a sweep that is cut off would count as a failed effect.
SECONDS = 120


@shared_task
def ring_sweep() -> None:
    """Each minute: what is due by now."""
    sweep(clock.now(), seconds=SECONDS)
