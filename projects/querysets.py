"""Named reads of enterprises, projects and lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate

from common import clock
from deadlines.models import Clock
from deadlines.states import ClockKind
from projects import lights
from projects.states import OPEN_ITEMS, OVER, SUBJECT, CheckResult, ItemKind, ItemState

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

    def whole_for(self, actor: Actor) -> ProjectQuerySet:
        """Those of which the actor reads the file as a whole: money, promises, log, lead, files, history."""
        from projects import policy

        scope = policy.project_scope(actor, whole=True)
        return self if scope is None else self.filter(scope)

    def with_money_for(self, actor: Actor) -> ProjectQuerySet:
        """Those of which the actor may see the investment: for statistics that of all, and nothing else of them."""
        from projects import policy

        return self if actor.has(*policy.COUNTING) else self.whole_for(actor)

    def matching(self, words: str) -> ProjectQuerySet:
        return self.filter(
            Q(name__icontains=words)
            | Q(code__icontains=words)
            | Q(pinyin__startswith=words.lower().replace(" ", ""))
            | Q(enterprise__name__icontains=words)
        )

    def next_code(self) -> str:
        """The number after the last one of the year, as a proposal: XM2026-0013. Of all projects, whoever asks: those
        that one does not see have taken theirs as well."""
        start = f"XM{clock.today().year}-"
        last = self.filter(code__regex=rf"^{start}\d{{4}}$").order_by("-code").values_list("code", flat=True).first()
        return f"{start}{int(last[-4:]) + 1 if last else 1:04}"

    def of_unit(self, unit: Any) -> ProjectQuerySet:
        """Those that the unit answers for, leads, or has on its ground."""
        return self.filter(Q(unit__in=unit) | Q(lead_unit__in=unit) | Q(town__in=unit) | Q(park__in=unit))

    def reached_by(self, lines: LineQuerySet) -> ProjectQuerySet:
        """Those that one of the lines names or covers, as ``finding.Reach`` has it."""
        return self.filter(reached(lines))

    def living(self) -> ProjectQuerySet:
        """Those that are still gone after: neither terminated nor struck off."""
        return self.exclude(stage__in=OVER)

    def with_light(self, day: date) -> ProjectQuerySet:
        """Adds ``light`` (green, yellow, overdue, red): that of the open plan item that is due first; and its day,
        ``next_due``. A project that is over is green, so is one without dates."""
        from projects.models import PlanItem

        first = PlanItem.objects.open().order_by().filter(project=OuterRef("pk")).with_due()
        due = first.values("project").annotate(first=Min("due_on")).values("first")
        over = Q(stage__in=OVER)
        return self.annotate(next_due=Subquery(due)).annotate(light=lights.of_day("next_due", day, none_if=over))

    def with_contact(self) -> ProjectQuerySet:
        """Adds ``touched_on``, the last day of human contact, of the project or of its enterprise as a whole; and
        ``last_contact``, which for who never was in touch is the day of the entry into the system."""
        from projects.models import LogEntry

        own = LogEntry.objects.filter(project=OuterRef("pk"))
        firm = LogEntry.objects.filter(enterprise=OuterRef("enterprise"), project__isnull=True)
        last = [Subquery(rows.order_by("-on").values("on")[:1]) for rows in (own, firm)]
        return self.annotate(touched_on=Greatest(*last)).annotate(
            last_contact=Coalesce("touched_on", TruncDate("created_at", tzinfo=clock.SHANGHAI))
        )

    def for_list(self) -> ProjectQuerySet:
        return self.select_related("enterprise", "unit", "lead_unit", "town", "park", "manager__user", "chain")


def reached(lines: LineQuerySet) -> Q:
    """On Project: its town or park is named by one of ``lines``, or the responsible or lead unit or one above it, or
    the project itself."""
    from accounts.models import Unit
    from projects.models import Line

    keys = lines.order_by().values("pk")
    units = Line.units.through.objects.filter(line__in=keys)
    covered = Unit.objects.order_by().filter(path__overlap=units.values_list("unit")).values("pk")
    named = Line.projects.through.objects.filter(line__in=keys).values("project")
    places = units.values("unit")
    return Q(town__in=places) | Q(park__in=places) | Q(unit__in=covered) | Q(lead_unit__in=covered) | Q(pk__in=named)


class WholeFileQuerySet(models.QuerySet):
    """Parts of the project file that take the right to the whole of it."""

    def visible_to(self, actor: Actor) -> Self:
        from projects.models import Project

        return self.filter(project__in=Project.objects.whole_for(actor))


class LeadQuerySet(WholeFileQuerySet):
    pass


class OfProjectQuerySet(models.QuerySet):
    """Parts of the project file: who sees the project sees them."""

    def visible_to(self, actor: Actor) -> Self:
        from projects import policy
        from projects.models import Project

        scope = policy.project_scope(actor)
        return self if scope is None else self.filter(project__in=Project.objects.filter(scope))


class ManagerQuerySet(OfProjectQuerySet):
    def reading(self, day: date) -> Self:
        """Whose last day is not over yet: they still see the project."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def in_charge(self, at: datetime) -> Self:
        """Who answers: not ended, and in office; whoever has left the post answers for nothing, even before an heir
        is named."""
        from accounts.models import Post

        return self.filter(ends_on__isnull=True, post__in=Post.objects.current(at))


class TeamQuerySet(ManagerQuerySet):
    pass


class PlanItemQuerySet(OfProjectQuerySet):
    def watched_by(self, actor: Actor) -> Self:
        """The approvals of all projects, for who watches them: the projects themselves are another matter."""
        from projects import policy

        return self.watched_by_all() if actor.system or actor.has(*policy.WATCHING) else self.none()

    def watched_by_all(self) -> Self:
        """What every watcher sees alike."""
        return self.filter(kind=ItemKind.APPROVAL)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_ITEMS)

    def with_due(self) -> Self:
        """Adds ``due_at`` of the running clock, and ``due_on``, the day by which it is to be done: that of the limit
        while an approval runs, else the planned end; None while it is returned, for then it is not ours to do, but
        what had passed its limit before stays late."""
        clocks = Clock.objects.filter(
            kind=ClockKind.APPROVAL,
            subject_kind=SUBJECT,
            subject_id=OuterRef("project"),
            part=Cast(OuterRef("pk"), models.CharField()),
        ).open()
        return self.annotate(
            due_at=Subquery(clocks.values("due_at")[:1], output_field=models.DateTimeField()),
            breached=Subquery(clocks.values("breached_at")[:1], output_field=models.DateTimeField()),
        ).annotate(
            due_on=Case(
                When(state=ItemState.RETURNED, breached__isnull=True, then=Value(None)),
                When(due_at__isnull=False, then=TruncDate("due_at", tzinfo=clock.SHANGHAI)),
                default=F("planned_end"),
                output_field=models.DateField(null=True),
            )
        )

    def with_light(self, day: date) -> Self:
        """Adds ``light`` by ``due_on``: green, yellow, overdue or red; None for what is not open, or returned."""
        none = ~Q(state__in=OPEN_ITEMS) | Q(state=ItemState.RETURNED, due_on__isnull=True)
        return self.with_due().annotate(light=lights.of_day("due_on", day, none_if=none, none=None))


class MonthFigureQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> MonthFigureQuerySet:
        """Who reads the project's file as a whole; statistics sees the figures of all."""
        from projects import policy

        scope = policy.money_scope(actor)
        return self if scope is None else self.filter(scope)

    def of_year(self, year: int) -> MonthFigureQuerySet:
        return self.filter(month__year=year)


class LogQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> LogQuerySet:
        """Who reads the project's file as a whole, or sees the enterprise when it is about no project."""
        from projects.models import Enterprise, Project

        about = Q(project__in=Project.objects.whole_for(actor))
        return self.filter(about | Q(project__isnull=True, enterprise__in=Enterprise.objects.visible_to(actor)))

    def about(self, project: Any) -> LogQuerySet:
        """Of the project, or of its enterprise as a whole: where ``with_contact`` looks as well."""
        return self.filter(Q(project=project) | Q(project__isnull=True, enterprise=project.enterprise_id))


class PromiseQuerySet(WholeFileQuerySet):
    def open(self) -> PromiseQuerySet:
        """Not kept, as the last check has it."""
        from projects.models import PromiseCheck

        last = PromiseCheck.objects.filter(promise=OuterRef("pk")).order_by("-on", "-id").values("result")[:1]
        return self.annotate(last=Subquery(last)).filter(Q(last__isnull=True) | ~Q(last=CheckResult.KEPT))


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

    def for_list(self) -> LineQuerySet:
        return self.select_related("leader__user", "office").prefetch_related("units", "projects")
