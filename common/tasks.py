"""What the worker does for itself."""

from celery import shared_task
from django.utils import timezone

from common.models import Heartbeat


@shared_task
def heartbeat() -> None:
    """Every 30 seconds: the beat called and a worker answered. Real time, never the ``--now`` of a command."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})
