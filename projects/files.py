"""Who reads the evidence that hangs on a plan item: the staff that see the project."""

from __future__ import annotations

from accounts import landing
from accounts import policy as engine
from accounts.actors import Actor
from documents import registry
from documents.models import Attachment
from projects import policy
from projects.models import PlanItem
from projects.services.items import EVIDENCE


def may_read(actor: Actor, item_id: int, file: Attachment) -> bool:
    if not landing.is_staff(actor) and not file.public:
        return False
    item = PlanItem.objects.visible_to(actor).select_related("project").filter(pk=item_id).first()
    return item is not None and reads_evidence(actor, item)


def reads_evidence(actor: Actor, item: PlanItem) -> bool:
    """Of an item of the own unit, or who reads the file as a whole."""
    return policy.reads_whole(actor, item.project) or policy.responsible_unit(item) in engine.subtree_of(actor)


def register() -> None:
    registry.subject(EVIDENCE, can_read=may_read)
