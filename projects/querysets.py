"""Named reads of enterprises, projects and lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from common import clock
from projects import lights
from projects.states import OPEN_ITEMS, OVER, ItemKind

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

    def with_money_for(self, actor: Actor) -> ProjectQuerySet:
        """Those of which the actor may see the investment: for statistics that of all, and nothing else of them."""
        from projects import policy

        return self if actor.has(*policy.COUNTING) else self.visible_to(actor)

    def matching(self, words: str) -> ProjectQuerySet:
        return self.filter(
            Q(name__icontains=words)
            | Q(code__istartswith=words)
            | Q(pinyin__startswith=words.lower().replace(" ", ""))
            | Q(enterprise__name__icontains=words)
        )

    def of_unit(self, unit: Any) -> ProjectQuerySet:
        """Those that the unit answers for, leads, or has on its ground."""
        return self.filter(Q(unit__in=unit) | Q(lead_unit__in=unit) | Q(town__in=unit) | Q(park__in=unit))

    def living(self) -> ProjectQuerySet:
        """Those that are still gone after: neither terminated nor struck off."""
        return self.exclude(stage__in=OVER)

    def with_light(self, day: date) -> ProjectQuerySet:
        """Adds ``light`` (green, yellow, overdue, red): that of the open plan item that is due first; and its day,
        ``next_due``. A project that is over is green, so is one without dates."""
        from projects.models import PlanItem

        first = PlanItem.objects.open().order_by().filter(project=OuterRef("pk"), planned_end__isnull=False)
        due = first.values("project").annotate(first=Min("planned_end")).values("first")
        over = Q(stage__in=OVER)
        return self.annotate(next_due=Subquery(due)).annotate(light=lights.of_day("next_due", day, none_if=over))

    def with_contact(self) -> ProjectQuerySet:
        """Adds ``touched_on``, the last day of human contact, of the project or of its enterprise as a whole; and
        ``last_contact``, which for who never was in touch is the day of the entry into the system."""
        from projects.models import LogEntry

        about = Q(project=OuterRef("pk")) | Q(project__isnull=True, enterprise=OuterRef("enterprise"))
        last = LogEntry.objects.filter(about).order_by("-on").values("on")[:1]
        return self.annotate(touched_on=Subquery(last)).annotate(
            last_contact=Coalesce("touched_on", TruncDate("created_at", tzinfo=clock.SHANGHAI))
        )

    def for_list(self) -> ProjectQuerySet:
        return self.select_related("enterprise", "unit", "lead_unit", "town", "park", "manager__user", "chain")


class OfProjectQuerySet(models.QuerySet):
    """Parts of the project file: who sees the project sees them."""

    def visible_to(self, actor: Actor) -> Self:
        from projects import policy
        from projects.models import Project

        scope = policy.project_scope(actor)
        return self if scope is None else self.filter(project__in=Project.objects.filter(scope))


class ManagerQuerySet(OfProjectQuerySet):
    def current(self, day: date) -> Self:
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class TeamQuerySet(ManagerQuerySet):
    pass


class PlanItemQuerySet(OfProjectQuerySet):
    def watched_by(self, actor: Actor) -> Self:
        """The approvals of all projects, for who watches them: the projects themselves are another matter."""
        from projects import policy

        may = actor.system or actor.has(*policy.WATCHING)
        return self.filter(kind=ItemKind.APPROVAL) if may else self.none()

    def open(self) -> Self:
        return self.filter(state__in=OPEN_ITEMS)

    def with_light(self, day: date) -> Self:
        """Adds ``light`` by the planned end: green, yellow, overdue or red; None for what is no longer open."""
        ended = ~Q(state__in=OPEN_ITEMS)
        return self.annotate(light=lights.of_day("planned_end", day, none_if=ended, none=None))


class MonthFigureQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> MonthFigureQuerySet:
        """Who sees the project; statistics sees the figures of all."""
        from projects import policy

        scope = policy.money_scope(actor)
        return self if scope is None else self.filter(scope)

    def of_year(self, year: int) -> MonthFigureQuerySet:
        return self.filter(month__year=year)


class LogQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> LogQuerySet:
        """Who sees the project, or the enterprise when it is about no project."""
        from projects.models import Enterprise, Project

        about = Q(project__in=Project.objects.visible_to(actor))
        return self.filter(about | Q(project__isnull=True, enterprise__in=Enterprise.objects.visible_to(actor)))

    def about(self, project: Any) -> LogQuerySet:
        """Of the project, or of its enterprise as a whole: where ``with_contact`` looks as well."""
        return self.filter(Q(project=project) | Q(project__isnull=True, enterprise=project.enterprise_id))


class PromiseQuerySet(OfProjectQuerySet):
    pass


class ImportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """The desk that keeps the list of projects."""
        from projects import policy

        return self if actor.system or actor.has(*policy.DESK) else self.none()


class ChainQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ChainQuerySet:
        """Who leads what is known to every member of the staff."""
        from accounts import rules

        return self if actor.system or actor.has(*rules.STAFF) else self.none()

    def living(self, day: date) -> ChainQuerySet:
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


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

    def naming(self, project: Any) -> LineQuerySet:
        from projects.models import Line

        return self.filter(pk__in=Line.projects.through.objects.filter(project=project).values("line"))

    def for_list(self) -> LineQuerySet:
        return self.select_related("leader__user", "office").prefetch_related("units", "projects")
