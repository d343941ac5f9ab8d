"""A milestone of the plan and the day of the project are one fact: whoever writes one of them, the other follows."""

from __future__ import annotations

from datetime import date

from accounts.actors import Actor
from common import clock
from projects.models import PlanItem, Project
from projects.states import MILESTONES, OPEN_ITEMS, ItemKind, ItemState

KEY_OF = {field: key for key, field in MILESTONES.items()}


def day_of(item: PlanItem) -> date | None:
    """The day of the project that a milestone stands for; None for other items."""
    return getattr(item.project, MILESTONES[item.key]) if item.kind == ItemKind.MILESTONE else None


def reached(item: PlanItem, day: date | None) -> None:
    """Done on that day; open again when the day has not come after all. Not saved."""
    if day is not None:
        item.state, item.started_on, item.ended_on = ItemState.DONE, day, day
    elif item.state == ItemState.DONE:
        item.state, item.started_on, item.ended_on = ItemState.PENDING, None, None


def follow(project: Project, field: str, actor: Actor) -> None:
    """The plan has the day of ``field`` as the project has it now."""
    states = [*OPEN_ITEMS, ItemState.DONE]
    rows = PlanItem.objects.filter(project=project, kind=ItemKind.MILESTONE, key=KEY_OF[field], state__in=states)
    for item in rows.select_for_update(no_key=True):
        reached(item, getattr(project, field))
        item.reported_at, item.reported_by = clock.now(), actor.user
        item.save(update_fields=["state", "started_on", "ended_on", "reported_at", "reported_by"])
