"""Who reads the evidence that hangs on a plan item: the staff that see the project."""

from __future__ import annotations

from accounts import landing
from accounts.actors import Actor
from documents import registry
from documents.models import Attachment
from projects.models import PlanItem
from projects.services.items import EVIDENCE


def may_read(actor: Actor, item_id: int, file: Attachment) -> bool:
    if not landing.is_staff(actor) and not file.public:
        return False
    return PlanItem.objects.visible_to(actor).filter(pk=item_id).exists()


def register() -> None:
    registry.subject(EVIDENCE, can_read=may_read)
