"""Who may read a document, take it back, and record its official number."""

from __future__ import annotations

from typing import Any

from accounts import policy
from accounts.actors import Actor
from accounts.roles import Role
from documents.models import Document
from documents.querysets import NO_PAPERS

# The coordinator's or supervisor's, but never of who holds a post in the unit that the paper concerns (PRODUCT.md §1).
OFFICE_ACTIONS = frozenset({"withdraw", "record_official_number"})


def answer_document(actor: Actor, action: str, obj: Any) -> bool:
    """On the class: may there be a library at all; on a row: may this be done with it."""
    if obj is Document:
        return action == "list" and not actor.roles <= NO_PAPERS
    if action in ("view", "download"):
        return Document.objects.visible_to(actor).filter(pk=obj.pk).exists()
    if action in OFFICE_ACTIONS:
        return actor.has(Role.COORDINATOR, Role.SUPERVISOR) and obj.unit_id not in actor.unit_ids
    return False


def has_papers(actor: Actor) -> bool:
    return policy.can(actor, "list", Document)


def register() -> None:
    policy.register(Document, answer_document)
