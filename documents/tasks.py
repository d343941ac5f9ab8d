"""What the beat calls."""

from celery import shared_task
from django.utils import timezone

from documents.services import clean as cleaning


@shared_task
def clean() -> None:
    """Each night. Real time, never the ``--now`` of a command: the files' own times are real."""
    cleaning.clean(at=timezone.now())
