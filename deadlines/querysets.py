"""Named reads of clocks, rules and calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When

from accounts.actors import Actor
from accounts.policy import can
from deadlines.states import Light, Side


class CalendarVersionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> CalendarVersionQuerySet:
        """All of the staff read the calendar; a draft is the system administrator's."""
        if can(actor, "what_if", self.model):
            return self
        return self.applied() if can(actor, "view", self.model) else self.none()

    def applied(self) -> CalendarVersionQuerySet:
        return self.filter(state="applied")

    def current_id(self) -> int:
        """The applied version with the highest number."""
        return self.applied().order_by("-number").values_list("pk", flat=True)[:1].get()


class TimeRuleQuerySet(models.QuerySet):
    def valid_on(self, day: date) -> TimeRuleQuerySet:
        """The newest version of each limit (kind and case) that is in force on ``day``."""
        return (
            self.filter(valid_from__lte=day)
            .order_by("kind", "case", "-valid_from", "-version")
            .distinct("kind", "case")
        )


class ClockQuerySet(models.QuerySet):
    def of(self, subject_kind: str, subject_id: int) -> ClockQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)

    def open(self) -> ClockQuerySet:
        """Neither met nor stopped; may be paused."""
        return self.filter(met_at__isnull=True, stopped_at__isnull=True)

    def running(self) -> ClockQuerySet:
        return self.open().filter(paused_at__isnull=True)

    def held_by_government(self) -> ClockQuerySet:
        return self.filter(side=Side.GOVERNMENT)

    def part_of(self, part: str | None) -> ClockQuerySet:
        """``""`` is the subject's own part, a name that part, None all of them."""
        return self if part is None else self.filter(part=part)

    def of_kinds(self, kinds: Iterable[str] | None) -> ClockQuerySet:
        return self if kinds is None else self.filter(kind__in=list(kinds))

    def with_light(self, now: datetime) -> ClockQuerySet:
        """Adds ``light``: null for clocks that do not run."""
        return self.annotate(
            light=Case(
                When(~_RUNNING, then=Value(None)),
                When(red_at__lte=now, then=Value(Light.RED)),
                When(Q(breached_at__isnull=False) | Q(due_at__lt=now), then=Value(Light.OVERDUE)),
                When(yellow_at__lte=now, then=Value(Light.YELLOW)),
                default=Value(Light.GREEN),
                output_field=models.CharField(null=True),
            )
        )

    def with_on_time(self) -> ClockQuerySet:
        """Adds ``on_time``: met by its due time; null while it is not met."""
        return self.annotate(
            on_time=Case(
                When(met_at__isnull=True, then=Value(None)),
                When(met_at__lte=F("due_at"), then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(null=True),
            )
        )


_RUNNING = Q(met_at__isnull=True, stopped_at__isnull=True, paused_at__isnull=True)


class ReminderQuerySet(models.QuerySet):
    def waiting(self, attempts: int) -> ReminderQuerySet:
        """Rungs whose effect is still to be carried out and has not failed ``attempts`` times."""
        return self.filter(effect_done_at__isnull=True, imported=False, effect_attempts__lt=attempts)

    def dead(self, attempts: int) -> ReminderQuerySet:
        """Effects given up: the nightly health page shows them."""
        return self.filter(effect_done_at__isnull=True, imported=False, effect_attempts__gte=attempts)

    def after(self, rung_at: datetime, pk: int) -> ReminderQuerySet:
        return self.filter(Q(rung_at__gt=rung_at) | Q(rung_at=rung_at, pk__gt=pk))
