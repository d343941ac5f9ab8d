"""What the section of stages shows: the way, the gate ahead with what is missing, the days, and the steps taken."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can
from common import fmt
from projects import gates
from projects.models import Project, StageChange
from projects.overview import may
from projects.states import MILESTONES, NEXT, OVER, WAY, Stage

ACTS = ("advance", "override_gate", "terminate", "record_date")


def context(actor: Actor, project: Project) -> dict[str, Any]:
    changes = list(StageChange.objects.filter(project=project).select_related("by", "post__unit"))
    to = NEXT.get(Stage(project.stage))
    lacking = gates.missing_of(project, to) if to else []
    allowed = may(actor, project, *ACTS)
    return {
        "steps": _steps(project, changes),
        "next": str(Stage(to).label) if to else "",
        "gate": _gate(project, to, {one.key for one in lacking}) if to else [],
        "open": bool(to) and not lacking,
        "days": _days(actor, project, allowed["record_date"]),
        "changes": [_change(change) for change in changes],
        "ended": project.ended_reason,
        "may": {
            **allowed,
            "override_gate": allowed["override_gate"] and bool(lacking),
            "strike_off": project.stage == Stage.TERMINATED and can(actor, "strike_off", project),
        },
    }


def _steps(project: Project, changes: list[StageChange]) -> list[dict[str, str]]:
    """The way, each stage with the day it was entered. An ended project stands where it ended."""
    days = {change.to_stage: change.on for change in reversed(changes)}
    ended = next((change.from_stage for change in changes if change.to_stage == Stage.TERMINATED), "")
    here = WAY.index(Stage(ended or project.stage)) if project.stage not in OVER or ended else 0
    steps = [
        {
            "title": str(stage.label),
            "state": "done" if n < here else "now" if n == here else "next",
            "time": fmt.full_date(days.get(stage) or (project.stage_since if n == here else None)),
        }
        for n, stage in enumerate(WAY)
    ]
    if project.stage in OVER:
        label, since = project.get_stage_display(), fmt.full_date(project.stage_since)
        steps = [{**one, "state": "done" if one["state"] == "now" else one["state"]} for one in steps[: here + 1]]
        steps.append({"title": label, "state": "now", "time": since})
    return steps


def _gate(project: Project, to: str, lacking: set[str]) -> list[dict[str, Any]]:
    return [
        {"label": str(one.label), "met": one.key not in lacking, "url": one.url(project)} for one in gates.GATES[to]
    ]


def _days(actor: Actor, project: Project, may_record: bool) -> list[dict[str, str]]:
    may_correct = can(actor, "correct_date", project)
    rows = []
    for name in MILESTONES.values():
        day = getattr(project, name)
        address = {"record": "projects:record_date", "correct": "projects:correct_date"}
        act = "correct" if day and may_correct else "record" if not day and may_record else ""
        rows.append(
            {
                "label": str(Project._meta.get_field(name).verbose_name),
                "day": fmt.full_date(day),
                "act": act,
                "url": reverse(address[act], args=[project.code, name]) if act else "",
            }
        )
    return rows


def _change(change: StageChange) -> dict[str, str]:
    unit = change.post.unit if change.post else None
    return {
        "on": fmt.full_date(change.on),
        "from": change.get_from_stage_display(),
        "to": change.get_to_stage_display(),
        "by": change.by.name if change.by else _("The system"),
        "unit": unit.label if unit else "",
        "missing": "、".join(str(gates.LABELS.get(key, key)) for key in change.missing),
        "reason": change.reason,
    }
