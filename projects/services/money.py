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
from common import clock, fmt
from common.errors import Conflict, NotVisible, ValidationError, require
from projects.models import MonthFigure, Project, YearPlan
from projects.policy import answer
from projects.services._steps import check, note, still_going
from projects.states import Stage

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Entry:
    """What a unit enters for one project. ``seen`` is the figure that its form showed: somebody else's is not lost.
    ``reason`` is why a figure changes that statistics has answered already."""

    project_id: int
    actual: Decimal
    source: str = ""
    seen: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """The word of statistics on one entered figure; ``seen`` is the figure on which it was said."""

    figure_id: int
    included: bool
    why_not: str = ""
    seen: Decimal | None = None


@transaction.atomic
def plan_year(
    *,
    actor: Actor,
    project_id: int,
    year: int,
    amount: Decimal,
    months: Mapping[int, Decimal | None] | None = None,
    reason: str = "",
) -> YearPlan:
    """The plan of ``year``; ``months`` are those of its months, 1 to 12, what is not named stays. More is free, and so
    is moving among months to come; less in the year, in its months together, or in one that has begun takes the right
    to ``lower_year`` and a reason: nobody completes a plan by cutting it. The first amount stays beside. 404, 403, 409
    when the project has ended, 400 unless the planned months stay within the year."""
    project = take(Project, actor, pk=project_id)
    authorise(actor, "plan_year", project)
    still_going(project)
    plan, new = YearPlan.objects.get_or_create(project=project, year=year, defaults={"amount": amount})
    before, plan.amount = None if new else plan.amount, amount
    check(plan)
    if amount < 0:
        raise ValidationError({"amount": [_("Money is not negative.")]})
    if before is not None and before != amount and plan.first_amount is None:
        plan.first_amount = before
    plan.save(update_fields=["amount", "first_amount"])
    moved = _plan_months(project, year, amount, months or {})
    together = sum((now or 0) - (was or 0) for was, now in moved.values())
    less = [name for name, (was, now) in moved.items() if (now or 0) < (was or 0)]
    lowered = [name for name in less if together < 0 or _begun(year, name)]
    if before is not None and amount < before:
        lowered = ["amount", *lowered]
    if lowered:
        _lower(actor, project, lowered, reason)
    told: dict[str, Any] = {"reason": reason.strip()} if reason.strip() else {}
    told["changes"] = {"amount": _pair(before, amount)} if before != amount else {}
    told["months"] = {name: _pair(*pair) for name, pair in moved.items()}
    note(actor, "plan_year", project, project.code, year=year, **told)
    return plan


def _lower(actor: Actor, project: Project, lowered: Sequence[str], reason: str) -> None:
    if not answer(actor, "lower_year", project):
        text = _("Less than was planned: the coordinator lowers it, for the unit's reason.")
        raise ValidationError({name: [text] for name in lowered})
    require(reason=(reason.strip(), _("Say why less is planned.")))


def _plan_months(
    project: Project, year: int, amount: Decimal, months: Mapping[int, Decimal | None]
) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The months whose plan is another one now, before and now."""
    if set(months) - set(MONTHS):
        raise ValidationError({"months": [_("A year has the months 1 to 12.")]})
    rows = {row.month.month: row for row in project.months.filter(month__year=year).select_for_update(no_key=True)}
    moved = {}
    for number, planned in months.items():
        if planned is not None and planned < 0:
            raise ValidationError({f"month_{number}": [_("Money is not negative.")]})
        row = rows.setdefault(number, MonthFigure(project=project, month=date(year, number, 1)))
        if row.plan != planned:
            moved[f"month_{number}"] = (row.plan, planned)
            row.plan = planned
            check(row)
            row.save()
    together = sum((row.plan or Decimal(0) for row in rows.values()), Decimal(0))
    if together > amount:
        told = {"sum": fmt.wan(together), "amount": fmt.wan(amount)}
        raise ValidationError(
            {"amount": [_("The months together are %(sum)s, more than the year's %(amount)s.") % told]}
        )
    return moved


def _begun(year: int, name: str) -> bool:
    return date(year, int(name.removeprefix("month_")), 1) <= clock.today()


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
    still_going(project, {Stage.STRUCK_OFF})  # what a terminated one spent before is still entered
    row = project.months.select_for_update(no_key=True).filter(month=month).first() or MonthFigure(
        project=project, month=month
    )
    if row.actual != entry.seen and row.actual != entry.actual:
        raise Conflict(
            _("%(project)s: somebody entered %(actual)s meanwhile.") % {"project": project, "actual": row.actual},
            state="changed",
        )
    answered = {"included": row.included, "why_not": row.why_not} if row.answered_at else {}
    differences = changed(row, {"actual": entry.actual, "source": entry.source.strip()})
    if not differences:
        return False
    if "actual" in differences:
        if answered and not entry.reason.strip():
            raise ValidationError({f"reason_{row.project_id}": [_("Statistics has answered it: say why it changes.")]})
        # The word was on another figure; it stays in the trail.
        row.included, row.why_not, row.answered_by, row.answered_at = None, "", None, None
        row.entered_by, row.entered_at = actor.user, clock.now()
    check(row)
    row.save()
    told: dict[str, Any] = {"answered": answered, "reason": entry.reason.strip()} if answered else {}
    note(actor, "enter_months", project, project.code, month=f"{month:%Y-%m}", changes=differences, **told)
    return True


@transaction.atomic
def answer_months(*, actor: Actor, answers: Sequence[Answer]) -> int:
    """Whether statistics includes these figures, or why not; all or none. Returns how many changed. 404, 403, 409 when
    the figure is another one by now, 400 without the reason."""
    return sum(_answer(actor, answer) for answer in sorted(answers, key=lambda one: one.figure_id))


def _answer(actor: Actor, answer: Answer) -> bool:
    row: MonthFigure = take(MonthFigure, actor, pk=answer.figure_id)
    authorise(actor, "answer_months", row)
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


def _pair(before: Decimal | None, now: Decimal | None) -> list[str | None]:
    return [None if value is None else str(value) for value in (before, now)]
