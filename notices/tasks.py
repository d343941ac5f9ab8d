"""What the worker is rung for."""

from celery import shared_task

from common import bell, clock
from notices import delivery
from notices.models import Delivery


@shared_task(name="notices.tasks.deliver")
def deliver() -> None:
    """A short run, so the sweep waits for nobody; the next one is rung for when more is due."""
    if delivery.deliver() and Delivery.objects.due(clock.now()).exists():
        bell.ring("notices.tasks.deliver")
