"""Named reads of attachments and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.landing import OUTSIDERS
from accounts.policy import readers_of
from accounts.roles import ADMIN_ROLES, OPERATIONAL_ROLES

if TYPE_CHECKING:
    from accounts.actors import Actor
    from documents.models import Document

# Who reads what goes to all staff: the three administrators need no papers for their duty.
NO_PAPERS = OUTSIDERS | ADMIN_ROLES


class AttachmentQuerySet(models.QuerySet):
    def of(self, subject_kind: str, subject_id: int) -> AttachmentQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> DocumentQuerySet:
        """All for who sees everything operational; else what goes to all staff, and what names a principal as which
        the actor reads."""
        if actor.system or actor.has(*OPERATIONAL_ROLES):
            return self
        named = Q(readers__overlap=readers_of(actor))
        if actor.roles <= NO_PAPERS:
            return self.filter(named)
        return self.filter(named | Q(readers=[]))

    def last_versions(self) -> DocumentQuerySet:
        """Of a number with several versions the last one."""
        return self.exclude(replaced_by__number=models.F("number"))

    def narrowed(self, kind: str = "", month: str = "") -> DocumentQuerySet:
        rows = self.filter(kind=kind) if kind else self
        return rows.filter(period=month) if month else rows

    def numbered(self, number: str) -> Document | None:
        """The document of that number as it stands now."""
        return self.filter(number=number).order_by("-version").first()

    def for_list(self) -> DocumentQuerySet:
        return self.select_related("unit", "replaced_by").defer("readers", "reason")
