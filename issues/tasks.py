"""What the beat calls."""

from __future__ import annotations

from celery import shared_task

from issues.services import anchors
from issues.services.nightly import check_readers, drop_answers, watch_chain


@shared_task
def nightly() -> None:
    drop_answers()
    check_readers()


@shared_task
def prove_chain() -> None:
    """Each night, on its own: whatever becomes of it, the other work of the night is done."""
    watch_chain()


@shared_task
def anchor() -> None:
    """Each hour: the root over the new events, inside the database and outside it."""
    anchors.anchor()
