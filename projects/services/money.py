"""Investment in 万元: the plan of a year, the month before as units enter it, and the word of statistics on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.services._steps import authorise, changed, take
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects.models import MonthFigure, Project, YearPlan
from projects.services._steps import check, note

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Entry:
    """What a unit enters for one project. ``seen`` is the figure that its form showed: somebody else's is not lost."""

    project_id: int
    actual: Decimal
    source: str = ""
    seen: Decimal | None = None


@dataclass(frozen=True)
class Answer:
    """The word of statistics on one entered figure; ``seen`` is the figure on which it was said."""

    figure_id: int
    included: bool
    why_not: str = ""
    seen: Decimal | None = None


@transaction.atomic
def plan_year(
    *, actor: Actor, project_id: int, year: int, amount: Decimal, months: Mapping[int, Decimal | None] | None = None
) -> YearPlan:
    """The plan of ``year``; ``months`` are those of its months, 1 to 12, what is not named stays. 404, 403, 400 unless
    the months that are planned stay within the year."""
    project = take(Project, actor, pk=project_id)
    authorise(actor, "plan_year", project)
    plan, _new = YearPlan.objects.get_or_create(project=project, year=year, defaults={"amount": amount})
    before = None if _new else plan.amount
    plan.amount = amount
    check(plan)
    if amount < 0:
        raise ValidationError({"amount": [_("Money is not negative.")]})
    plan.save(update_fields=["amount"])
    _plan_months(project, year, amount, months or {})
    note(actor, "plan_year", project, project.code, year=year, changes={"amount": [_money(before), _money(amount)]})
    return plan


def _plan_months(project: Project, year: int, amount: Decimal, months: Mapping[int, Decimal | None]) -> None:
    if set(months) - set(MONTHS):
        raise ValidationError({"months": [_("A year has the months 1 to 12.")]})
    rows = {row.month.month: row for row in project.months.filter(month__year=year).select_for_update(no_key=True)}
    for number, planned in months.items():
        if planned is not None and planned < 0:
            raise ValidationError({f"month_{number}": [_("Money is not negative.")]})
        row = rows.setdefault(number, MonthFigure(project=project, month=date(year, number, 1)))
        if row.plan != planned:
            row.plan = planned
            check(row)
            row.save()
    if sum(row.plan or 0 for row in rows.values()) > amount:
        raise ValidationError({"amount": [_("The months together are more than the year.")]})


@transaction.atomic
def enter_months(*, actor: Actor, month: date, entries: Sequence[Entry]) -> int:
    """The investment of ``month`` in these projects, all or none. A figure that changes asks statistics anew. Returns
    how many changed. 404, 403, 409 when somebody entered another figure meanwhile, 400 for a month that is not over."""
    month = month.replace(day=1)
    if month >= clock.today().replace(day=1):
        raise ValidationError({"month": [_("A month is entered when it is over.")]})
    # In the order of the keys: two forms at once wait for each other, never crosswise.
    return sum(_enter(actor, month, entry) for entry in sorted(entries, key=lambda one: one.project_id))


def _enter(actor: Actor, month: date, entry: Entry) -> bool:
    project = take(Project, actor, pk=entry.project_id)
    authorise(actor, "enter_months", project)
    row = project.months.select_for_update(no_key=True).filter(month=month).first() or MonthFigure(
        project=project, month=month
    )
    if row.actual != entry.seen and row.actual != entry.actual:
        raise Conflict(
            _("%(project)s: somebody entered %(actual)s meanwhile.") % {"project": project, "actual": row.actual},
            state="changed",
        )
    differences = changed(row, {"actual": entry.actual, "source": entry.source.strip()})
    if not differences:
        return False
    if "actual" in differences:  # the word was on another figure
        row.included, row.why_not, row.answered_by, row.answered_at = None, "", None, None
    row.entered_by, row.entered_at = actor.user, clock.now()
    check(row)
    row.save()
    note(actor, "enter_months", project, project.code, month=f"{month:%Y-%m}", changes=differences)
    return True


@transaction.atomic
def answer_months(*, actor: Actor, answers: Sequence[Answer]) -> int:
    """Whether statistics includes these figures, or why not; all or none. Returns how many changed. 404, 403, 409 when
    the figure is another one by now, 400 without the reason."""
    return sum(_answer(actor, answer) for answer in sorted(answers, key=lambda one: one.figure_id))


def _answer(actor: Actor, answer: Answer) -> bool:
    row: MonthFigure = take(MonthFigure, actor, pk=answer.figure_id)
    authorise(actor, "answer_months", row)
    if entered_by_self(actor, row):
        raise PermissionDenied
    if row.actual is None:
        raise NotVisible
    if row.actual != answer.seen:
        text = _("%(project)s: the figure is %(actual)s by now.") % {"project": row.project, "actual": row.actual}
        raise Conflict(text, state="changed")
    why = "" if answer.included else answer.why_not.strip()
    if not answer.included and not why:
        raise ValidationError({f"why_not_{row.pk}": [_("Say why it is not included.")]})
    differences = changed(row, {"included": answer.included, "why_not": why})
    if not differences:
        return False
    row.answered_by, row.answered_at = actor.user, clock.now()
    check(row)
    row.save()
    note(actor, "answer_months", row, row.project.code, month=f"{row.month:%Y-%m}", changes=differences)
    return True


def entered_by_self(actor: Actor, row: MonthFigure) -> bool:
    """Two persons: whoever entered a figure does not answer it, whatever posts they hold."""
    return actor.user is not None and row.entered_by_id == actor.user.pk


def _money(value: Any) -> str | None:
    return None if value is None else str(value)
