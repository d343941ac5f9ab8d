"""What the beat calls."""

from __future__ import annotations

from celery import shared_task

from accounts.services import trail


@shared_task
def anchor_trail() -> None:
    """Each hour: the root over the new audit entries, inside the database and outside it."""
    trail.anchor_trail()


@shared_task
def prove_trail() -> None:
    """Each night, on its own."""
    trail.watch_trail()
