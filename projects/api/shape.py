"""A project and the parts of its file as the interface shows them. Money is a decimal string in 万元.

An enterprise reads its own project without our notes on it, why it ended, and who entered what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post, Unit
from projects.models import LogEntry, MonthFigure, PlanItem, Project, ProjectManager, Promise, TeamMember
from projects.states import MILESTONES

FLAGS = ("fast_early", "fast_promise", "fast_build")
WORDS = ("investor", "content", "level", "category", "approval_type", "industry", "place")
UNITS = ("unit", "lead_unit", "town", "park")
INSIDE = ("note", "ended_reason")


def outsider(actor: Actor) -> bool:
    """Acts only for an enterprise or as an observer."""
    return not actor.system and actor.roles <= OUTSIDERS


def iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def money(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def code(unit: Unit | None) -> str | None:
    return unit.code if unit else None


def who(post: Post | None) -> dict[str, Any] | None:
    """Who holds the post: what an enterprise may read of the people behind its project."""
    if post is None:
        return None
    return {"username": post.user.username, "name": post.user.name, "title": post.title, "unit": code(post.unit)}


def project(row: Project, actor: Actor, *, whole: bool) -> dict[str, Any]:
    """``whole``: the actor reads the file as a whole (``policy.reads_whole``)."""
    told = {
        "code": row.code,
        "name": row.name,
        "enterprise": row.enterprise.uscc if row.enterprise else None,
        "enterprise_name": row.enterprise.name if row.enterprise else None,
        **{name: getattr(row, name) for name in (*WORDS, *FLAGS)},
        **{name: code(getattr(row, name)) for name in UNITS},
        "chain": row.chain.name if row.chain else None,
        "total_investment": money(row.total_investment),
        "land_area": money(row.land_area),
        "stage": row.stage,
        "stage_since": iso(row.stage_since),
        **{name: iso(getattr(row, name)) for name in MILESTONES.values()},
        "manager": row.manager.user.username if row.manager else None,
        "light": getattr(row, "light", None),
        "version": row.version,
    }
    return told if outsider(actor) or not whole else told | {name: getattr(row, name) for name in INSIDE}


def managers(rows: Iterable[ProjectManager], actor: Actor) -> list[dict[str, Any]]:
    inside = not outsider(actor)
    return [
        {
            "id": row.pk,
            "manager": who(row.post),
            "leader": who(row.leader),
            "from": iso(row.starts_on),
            "until": iso(row.ends_on),
            **({"reason": row.reason, "end_reason": row.end_reason} if inside else {}),
        }
        for row in rows
    ]


def team(rows: Iterable[TeamMember], actor: Actor) -> list[dict[str, Any]]:
    inside = not outsider(actor)
    return [
        {
            "id": row.pk,
            "duty": row.duty,
            "member": who(row.post),
            "from": iso(row.starts_on),
            "until": iso(row.ends_on),
            **({"end_reason": row.end_reason} if inside else {}),
        }
        for row in rows
    ]


def plan(rows: Iterable[PlanItem]) -> list[dict[str, Any]]:
    days = ("planned_start", "planned_end", "baseline_start", "baseline_end", "started_on", "ended_on")
    counts = ("statutory_days", "promised_days", "day_kind", "taken_days", "times_returned")
    return [
        {
            "id": row.pk,
            "key": row.key,
            "kind": row.kind,
            "name": row.name,
            "state": row.state,
            "unit": code(row.unit),
            **{name: iso(getattr(row, name)) for name in days},
            **{name: getattr(row, name) for name in counts},
            "light": getattr(row, "light", None),
        }
        for row in rows
    ]


def investment(rows: Sequence[MonthFigure], actor: Actor) -> list[dict[str, Any]]:
    """What a unit and the statistics office write to each other about a figure is not the enterprise's."""
    told = [{"month": f"{row.month:%Y-%m}", "plan": money(row.plan), "actual": money(row.actual)} for row in rows]
    if outsider(actor):
        return told
    inside = ("source", "entered_at", "included", "why_not", "answered_at")
    return [one | {name: getattr(row, name) for name in inside} for one, row in zip(told, rows, strict=True)]


def log(rows: Iterable[LogEntry]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "on": iso(row.on),
            "text": row.text,
            "by": row.by.username,
            "entered_at": row.entered_at,
        }
        for row in rows
    ]


def promises(rows: Iterable[Promise]) -> list[dict[str, Any]]:
    """The last look back at each counts; rows prefetch ``checks``, the last first."""
    told = []
    for row in rows:
        last = next(iter(row.checks.all()), None)
        told.append(
            {
                "id": row.pk,
                "side": row.side,
                "text": row.text,
                "clause": row.clause,
                "due_on": iso(row.due_on),
                "unit": code(row.unit),
                "result": last.result if last else None,
                "finding": last.finding or None if last else None,
                "checked_on": iso(last.on) if last else None,
                "issue": last.issue or None if last else None,
            }
        )
    return told
