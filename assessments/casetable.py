"""The cases behind a figure as flat rows: numbers for all who may see the figure, titles for who may open the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from assessments import discreet, policy
from assessments.models import Contest, FrozenCase, Result
from assessments.states import COMPLETION, OF_ONE_CLOCK, Deduction, Indicator, Part, label_of
from common import fmt
from issues import policy as issue_policy
from issues.models import Issue

CODES = (COMPLETION, *Indicator.values, *Deduction.values)
ORDER = ["indicator", "source_id", "id"]


def cases(actor: Actor, row: Result, indicator: str = "", *, lost: bool = False) -> QuerySet[FrozenCase]:
    """The frozen cases of a result that the actor may see, of one figure or of all."""
    found = FrozenCase.objects.filter(policy.case_scope(actor), run=row.run, unit=row.unit)
    if indicator:
        found = found.filter(indicator=indicator)
    return found.hurting() if lost else found


def hidden(actor: Actor, row: Result, indicator: str = "", *, lost: bool = False) -> int:
    """How many cases of the figure the actor may not open: the figure itself is published."""
    if actor.system or (row.unit_id in policy.own_units(actor) and not policy.sees_all(actor)):
        return 0
    every = FrozenCase.objects.filter(run=row.run, unit=row.unit, **({"indicator": indicator} if indicator else {}))
    return (every.hurting() if lost else every).count() - cases(actor, row, indicator, lost=lost).count()


def rows(actor: Actor, row: Result, found: Iterable[FrozenCase], *, merged: bool = False) -> list[dict[str, Any]]:
    """Flat rows. ``merged``: one per issue, with all the figures in which it cost something."""
    listed = list(found)
    issues = _issues(actor, listed)
    contested = _contested(row)
    costs = _costs(row, listed) if merged else {}
    unnamed = _unnamed(actor, row, listed)
    return [
        {
            "id": case.pk,
            "ref": discreet.shown(case.ref, unnamed),
            "title": issues[case.issue_id]["title"] if case.issue_id in issues else "",
            "who": issues[case.issue_id]["who"] if case.issue_id in issues else "",
            "url": reverse("issues:page", args=[case.ref]) if case.issue_id in issues else "",
            "figure": _(", ").join(costs[case.ref]) if merged else label_of(case.indicator),
            "part": str(Part(case.part).label) if case.part else "",
            "counts": _counts(case),
            "late": not case.counts and not case.excluded and case.part not in ("P", "O", "E") and not case.points,
            "due": _day(case.due_at, case),
            "done": _day(case.done_at, case),
            "due_at": fmt.md_hm(case.due_at),
            "done_at": fmt.md_hm(case.done_at),
            "lost": case.lost_days or "",
            "contested": contested.get(key_of(case), ""),
            "contest_url": reverse("assessments:contest", args=[case.pk]),
            "hurts": hurts(case) and key_of(case) not in contested,
        }
        for case in listed
    ]


def key_of(case: FrozenCase) -> tuple[str, int]:
    """What is contested once: a clock for both its figures."""
    return (COMPLETION if case.indicator in OF_ONE_CLOCK else case.indicator), case.source_id


def hurts(case: FrozenCase) -> bool:
    """It cost the unit something (as FrozenCaseQuerySet.hurting)."""
    missed = not case.counts and case.part in ("", "D", "C")
    return not case.excluded and (bool(case.points) or missed or case.lost_days > 0)


def _day(instant: datetime | None, case: FrozenCase) -> str:
    """The day; with the time where only the time tells whether a case was late."""
    if case.due_at and case.done_at and fmt.day(case.due_at) == fmt.day(case.done_at):
        return fmt.md_hm(instant)
    return fmt.md(instant)


def _counts(case: FrozenCase) -> str:
    if case.excluded:
        return _("Taken out after a contest")
    if case.indicator in Deduction:
        return fmt.signed(-case.points)
    if case.part in (Part.PAUSED, Part.OPEN) or (case.indicator == COMPLETION and case.part == Part.EARLY):
        return _("Beside")
    return _("Reached") if case.counts else _("Not reached")


def _issues(actor: Actor, listed: list[FrozenCase]) -> dict[int, dict[str, str]]:
    """Titles, and the enterprise for who may know it, of the issues that the actor may open."""
    keys = {case.issue_id for case in listed}
    readable = Issue.objects.visible_to(actor).filter(pk__in=keys).select_related("enterprise")
    return {
        issue.pk: {
            "title": issue.title,
            "who": issue.enterprise.name if issue.enterprise and issue_policy.fields(actor, issue).who else "",
        }
        for issue in readable
    }


def _unnamed(actor: Actor, row: Result, listed: list[FrozenCase]) -> frozenset[str]:
    """Numbers of complaints that the actor may not learn (as case_scope leaves them out of the cases)."""
    if row.unit_id in policy.own_units(actor) and not policy.sees_all(actor):
        return frozenset()
    unseen = policy.unseen_complaints(actor).filter(pk__in={case.issue_id for case in listed})
    return frozenset(unseen.values_list("number", flat=True))


def _contested(row: Result) -> dict[tuple[str, int], str]:
    rows = Contest.objects.filter(run=row.run, unit=row.unit)
    return {(one.indicator, one.source_id): str(one.get_state_display()) for one in rows}


def _costs(row: Result, listed: list[FrozenCase]) -> dict[str, list[str]]:
    """ref → the figures in which the issue cost something."""
    found: dict[str, list[str]] = defaultdict(list)
    refs = {case.ref for case in listed}
    hurting = FrozenCase.objects.hurting().filter(run=row.run, unit=row.unit, ref__in=refs)
    hurting = hurting.filter(Q(counts=False) | Q(points__gt=0))
    for ref, code in hurting.order_by("indicator").values_list("ref", "indicator").distinct():
        found[ref].append(label_of(code))
    # Carried over and done in the end: it lost days, and none of the figures.
    return defaultdict(lambda: [_("Days lost only")], found)


def filters(actor: Actor, row: Result, current: str) -> list[dict[str, Any]]:
    """One tab per figure that has cases."""
    from assessments import ranking

    codes = set(FrozenCase.objects.filter(run=row.run, unit=row.unit).values_list("indicator", flat=True).distinct())
    args = (row.unit.code, row.group)
    tabs = [{"label": _("All"), "url": ranking.address(row.run, "cases", *args), "current": not current}]
    return tabs + [
        {
            "label": label_of(code),
            "url": ranking.address(row.run, "cases", *args, indicator=code),
            "current": code == current,
        }
        for code in CODES
        if code in codes
    ]


def summary(row: Result, indicator: str, out_of_sight: int) -> str:
    """The figure itself above its cases, and how many of them stay closed for the reader."""
    told = []
    figure = next((one for one in row.indicators if one["code"] == indicator), None)
    if figure:
        told.append(fmt.ratio(figure["numerator"], figure["denominator"]))
    elif indicator == COMPLETION:
        told.append(fmt.ratio(row.met, row.due))
    if out_of_sight:
        told.append(_("cases that you may not open: %(n)d") % {"n": out_of_sight})
    return "　".join(told)


def csv_rows(actor: Actor, row: Result, indicator: str = "") -> Iterator[list[Any]]:
    """All cases of the figures for a spreadsheet, in portions of a thousand."""
    heads = (_("Figure"), _("Number"), _("Title"), _("Kind"), _("Counts"))
    yield [*heads, _("Due"), _("Done on"), _("Days lost"), _("Contest")]
    found, last = cases(actor, row, indicator).order_by("pk"), 0
    while portion := list(found.filter(pk__gt=last)[:1000]):
        last = portion[-1].pk
        for line in rows(actor, row, portion):
            yield [
                line[name]
                for name in ("figure", "ref", "title", "part", "counts", "due_at", "done_at", "lost", "contested")
            ]
