"""Named reads of issues. ``visible_to`` is the one rule of rows for pages, API, search, counts and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.actors import Actor


class IssueQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> IssueQuerySet:
        from issues import policy

        return self.filter(policy.scope(actor))

    def for_list(self) -> IssueQuerySet:
        return self.select_related("lead_unit", "enterprise")

    def for_detail(self) -> IssueQuerySet:
        return self.select_related(
            "body",
            "category",
            "lead_unit",
            "leader__user",
            "specialist__user",
            "enterprise",
            "project",
            "line",
            "town",
            "merged_into",
        )


class EventQuerySet(models.QuerySet):
    pass


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DecisionQuerySet:
        """Those of the issues that the actor sees, and those that the own unit must carry out."""
        from issues import policy

        return self.filter(policy.decision_scope(actor))

    def for_api(self) -> DecisionQuerySet:
        return self.select_related("issue", "unit", "decided_by__user", "in_name_of__user").prefetch_related(
            "co_units", "feedback__post__user"
        )
