"""How the outbox is doing, for the doctor and the nightly health page."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db.models import Min

from common import clock
from notices.delivery import configured
from notices.models import Delivery

# Beyond this many the exact figure helps nobody and costs a scan.
COUNTED = 1000


class Status(TypedDict):
    configured: bool
    waiting: int  # due and not yet sent, at most COUNTED
    oldest: datetime | None  # since when the oldest of them could have left
    dead: int  # at most COUNTED
    errors: list[str]  # the last reasons of dead letters, without addresses


def status() -> Status:
    at = clock.now()
    waiting = Delivery.objects.open().filter(not_before__lte=at)
    dead = Delivery.objects.dead()
    return {
        "configured": configured(),
        "waiting": waiting.order_by()[:COUNTED].count(),
        "oldest": waiting.aggregate(oldest=Min("not_before"))["oldest"],
        "dead": dead.order_by()[:COUNTED].count(),
        "errors": sorted(set(dead.order_by("-dead_at").values_list("error", flat=True)[:20])),
    }
