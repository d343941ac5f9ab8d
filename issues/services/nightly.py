"""What is looked after at night: the event chain proved, readers checked against their sources, old answers to keys
dropped."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from accounts import audit
from accounts.actors import SYSTEM
from common import clock
from common.models import IdempotentAnswer
from issues.models import Issue
from issues.services import proofs
from issues.services.readers import readers
from issues.states import OPEN

logger = structlog.get_logger(__name__)
KEPT = timedelta(hours=72)


def drop_answers() -> int:
    return IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def watch_chain() -> str:
    """Prove all that is kept and leave the result in the audit trail, and in the log for who is woken by errors."""
    count, wrong = proofs.prove()
    broken = wrong[0] if wrong else ""
    named = [word.rstrip(":") for word in broken.split()[1:2]]
    ref = Issue.objects.filter(number__in=named).values_list("number", flat=True).first() or ""
    audit.record(
        SYSTEM, "verify_chain", "issue", ref, audit.FAILED if broken else audit.OK, events=count, broken=broken
    )
    if broken:
        logger.error("chain_broken", broken=broken, proved=count)
    else:
        logger.info("chain_proved", proved=count)
    return broken


def check_readers() -> list[str]:
    """Numbers of open issues whose readers were not what their sources say; mended under the row lock."""
    wrong = []
    for pk in Issue.objects.filter(state__in=OPEN).values_list("pk", flat=True).iterator(chunk_size=1000):
        with transaction.atomic():
            issue = Issue.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            due = readers(issue)
            if due != sorted(issue.readers):
                wrong.append(issue.number)
                issue.readers = due
                issue.save(update_fields=["readers"])
    if wrong:
        logger.error("readers_differed", numbers=wrong[:50], count=len(wrong))
    return wrong
