"""Named reads of assessments, and the two statements that make a run: freeze and tally."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Case, F, Q, When

from accounts.roles import OPERATIONAL_ROLES
from assessments.freeze import FREEZE, TALLY
from assessments.states import COMPLETION
from deadlines.calendar import working_hours

if TYPE_CHECKING:
    from accounts.actors import Actor
    from assessments.models import Run
    from assessments.periods import Period
    from assessments.scheme import Scheme

PUBLIC_STATES = ("published", "replaced")
DRAFT_STATES = ("draft", "proposed")


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Actor) -> RunQuerySet:
        from assessments import policy

        return self.filter(policy.run_scope(actor))

    def draft(self, month: str) -> Run | None:
        return self.filter(month=month, state__in=DRAFT_STATES).first()

    def published(self) -> RunQuerySet:
        return self.filter(state="published")

    def current(self, month: str) -> Run | None:
        """What counts for a month: the published version, else the draft."""
        return (
            self.filter(month=month, state__in=["published", *DRAFT_STATES])
            .select_related("scheme")
            .order_by(Case(When(state="published", then=0), default=1))
            .first()
        )


class FrozenCaseQuerySet(models.QuerySet):
    def freeze(self, run: Run, period: Period, scheme: Scheme, units: Iterable[int] | None = None) -> set[int]:
        """Write the rows of all assessed units (or of ``units``). Returns those that got the longer window."""
        closes = working_hours()[-1][1]
        parameters: dict[str, Any] = {
            "run": run.pk,
            "month": period.month,
            "window": period.window_at,
            "starts": period.starts_at,
            "until": period.ends_at,
            "cut": period.cut_at,
            "close": timedelta(hours=closes.hour, minutes=closes.minute),
            "minimum": scheme.minimum,
            "sent_back": scheme.deductions["sent_back"],
            "reopened": scheme.deductions["reopened"],
            "units": None if units is None else list(units),
        }
        with connection.cursor() as cursor:
            cursor.execute(FREEZE, parameters)
            return {unit for unit, small in cursor.fetchall() if small}

    def tally(self, run: Run) -> list[dict[str, Any]]:
        """One row per unit and indicator, counted from the frozen rows, with a digest of them."""
        with connection.cursor() as cursor:
            cursor.execute(TALLY, {"run": run.pk})
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def hurting(self) -> FrozenCaseQuerySet:
        """What cost the unit something: not in the numerator of its figure, a deduction, or days lost, which decide a
        tie at the third place."""
        return self.filter(
            Q(counts=False, part__in=["", "D", "C"]) | Q(points__gt=0) | Q(lost_days__gt=0),
            excluded=False,
        )

    def losing_days(self) -> FrozenCaseQuerySet:
        """The cases whose lost days make the total of their unit, whether done in the end or not (as TALLY sums)."""
        return self.filter(indicator=COMPLETION, part__in=["D", "C"], excluded=False, lost_days__gt=0)

    def untimely(self) -> FrozenCaseQuerySet:
        """Not done by the end, or done late: all that lost days is among them, so their days sum to the total."""
        late = Q(counts=False) | Q(done_at__gt=F("due_at"))
        return self.filter(late, indicator=COMPLETION, part__in=["D", "C"], excluded=False)


class ResultQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ResultQuerySet:
        """Published ones: all staff. Drafts and rehearsals: the operational side all, a unit its own row."""
        from assessments import policy

        return self.filter(policy.result_scope(actor))

    def in_order(self) -> ResultQuerySet:
        return self.order_by(F("rank").asc(nulls_last=True), "unit_name", "unit_id")


class ContestQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ContestQuerySet:
        from assessments import policy

        if actor.system:
            return self
        if actor.has(*OPERATIONAL_ROLES):
            return self.exclude(ref__in=policy.unseen_complaints(actor).values("number"))
        return self.filter(unit_id__in=policy.own_units(actor))

    def open(self) -> ContestQuerySet:
        return self.filter(state="open")


class CardQuerySet(models.QuerySet):
    def standing(self) -> CardQuerySet:
        """Of months as they count now: a correction takes the cards of the version before it out."""
        return self.filter(run__state="published")
