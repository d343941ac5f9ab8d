"""Named reads of enterprises, projects and lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.actors import Actor


class EnterpriseQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> EnterpriseQuerySet:
        from projects import policy

        scope = policy.enterprise_scope(actor)
        return self if scope is None else self.filter(scope)

    def living(self) -> EnterpriseQuerySet:
        """Those that can be chosen: not merged into another row."""
        return self.filter(merged_into__isnull=True)

    def matching(self, words: str) -> EnterpriseQuerySet:
        return self.filter(
            Q(name__icontains=words) | Q(uscc=words.upper()) | Q(pinyin__startswith=words.lower().replace(" ", ""))
        )

    def for_list(self) -> EnterpriseQuerySet:
        return self.select_related("town", "liaison_leader__user", "liaison_unit", "specialist__user")


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        from projects import policy

        scope = policy.project_scope(actor)
        return self if scope is None else self.filter(scope)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> InvitationQuerySet:
        from projects import policy

        if actor.system or actor.has(*policy.CONFIRMING):
            return self
        return self.filter(invited_by=actor.user) if actor.user else self.none()

    def open(self) -> InvitationQuerySet:
        return self.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)


class LineQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> LineQuerySet:
        """Who leads what is known to every member of the staff."""
        from accounts import rules

        return self if actor.system or actor.has(*rules.STAFF) else self.none()

    def living(self, day: date) -> LineQuerySet:
        return self.filter(year=day.year).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def covering(self, unit_ids: set[int]) -> LineQuerySet:
        """Lines that name one of the units; each once."""
        from projects.models import Line

        named = Line.units.through.objects.filter(unit__in=unit_ids)
        return self.filter(pk__in=named.values("line"))

    def for_list(self) -> LineQuerySet:
        return self.select_related("leader__user", "office").prefetch_related("units")
