"""挂图作战: every project that the reader sees, by line and stage with its light; and the three special views.

Everything is read in a fixed number of queries, whatever the number of projects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from common import clock, fmt
from projects.finding import Reach, units_of
from projects.models import Project
from projects.services.managers import LEADING
from projects.states import WAY, Stage

GREEN, SOON, OVERDUE, RED = "green", "yellow", "overdue", "red"
# As static/css/tokens.css has them: a drawing on paper knows no style sheet.
FILLS = {GREEN: "#2c684b", SOON: "#855600", RED: "#b52d1a"}
LATEST_FIRST = {RED: 0, OVERDUE: 1, SOON: 2, GREEN: 3}
COLUMNS = ("pk", "code", "name", "stage", "manager_id", "unit_id", "lead_unit_id", "town_id", "park_id")


@dataclass
class Mark:
    """One project as the wall shows it."""

    url: str
    name: str
    light: str
    stage: str

    @property
    def shown(self) -> dict[str, str]:
        drawn = fmt.light(SOON if self.light == OVERDUE else self.light, breached=self.light == OVERDUE)
        return {"url": self.url, "name": self.name, "tone": drawn.tone, "mark": drawn.mark, "word": drawn.word,
                "fill": FILLS[drawn.tone]}  # fmt: skip


@dataclass
class Row:
    name: str
    leader: str
    marks: list[Mark] = field(default_factory=list)


def projects_of(actor: Actor) -> QuerySet[Project]:
    return Project.objects.visible_to(actor).living()


def rows(actor: Actor, day: date) -> list[Row]:
    """Line by line in their order: that of the manager in office; without one, the line that is found for an issue of
    the project; what is on none comes last. Six queries."""
    reach = Reach.on(day)
    found = {line.pk: Row(line.name, line.leader.user.name) for line in reach.lines}
    paths, left = dict(Unit.objects.values_list("pk", "path")), Row(_("On no line"), "")
    leading = {line.leader_id: line for line in reversed(reach.lines)}
    projects = projects_of(actor).with_light(day).order_by("code")
    in_office = set(Post.objects.current().filter(role__in=LEADING).values_list("pk", flat=True))
    for one in projects.values(*COLUMNS, "light"):
        if one["manager_id"] in in_office:
            line = leading.get(one["manager_id"])
        else:
            units = units_of((one["town_id"], one["park_id"]), (one["unit_id"], one["lead_unit_id"]), paths)
            line, _why = reach.first(one["pk"], units)
        url = reverse("projects:project", args=[one["code"]])
        row = found[line.pk] if line else left
        row.marks.append(Mark(url, one["name"], one["light"], one["stage"]))
    return [*found.values(), *([left] if left.marks else [])]


# As the page prints it ------------------------------------------------------------------------------------------------


def page(actor: Actor, *, names: bool) -> dict[str, Any]:
    """Flat strings for the template. ``names``: every project by name, else only what is not green."""
    day = clock.today()
    found = rows(actor, day)
    marks = [mark for row in found for mark in row.marks]
    by_stage = Counter(mark.stage for mark in marks)
    return {
        "stages": [{"label": str(stage.label), "count": by_stage[stage]} for stage in WAY],
        "rows": [_row(row, names=names) for row in found],
        "total": len(marks),
        "lights": lights_of(marks),
    }


def lights_of(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Three tallies: the two that are amber share a shape, so they share a figure."""
    tally = Counter(mark.light for mark in marks)
    amber = tally[SOON] + tally[OVERDUE]
    told = ((GREEN, _("On track"), tally[GREEN]), (SOON, _("Due soon or overdue"), amber),
            (RED, _("Long overdue"), tally[RED]))  # fmt: skip
    return [
        {"tone": tone, "mark": fmt.MARKS[tone], "fill": FILLS[tone], "word": word, "count": count}
        for tone, word, count in told
    ]


def _row(row: Row, *, names: bool) -> dict[str, Any]:
    return {
        "name": row.name,
        "leader": row.leader,
        "cells": [_cell(stage, [mark for mark in row.marks if mark.stage == stage], names) for stage in WAY],
        "total": len(row.marks),
        "late": [one for one in reversed(lights_of(row.marks)) if one["count"] and one["tone"] != GREEN],
    }


def _cell(stage: Stage, marks: list[Mark], names: bool) -> dict[str, Any]:
    marks = sorted(marks, key=lambda mark: LATEST_FIRST[mark.light])
    named = [mark.shown for mark in marks if names or mark.light != GREEN]
    dots = [] if names else [mark.shown for mark in marks if mark.light == GREEN]
    return {"label": str(stage.label), "count": len(marks), "dots": dots, "named": named}
