"""The issue list as it goes out: the same rows and the same fields as the reader may see, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock
from deadlines import calendar
from documents import sheets
from issues import clockviews, policy, states
from issues.models import Issue

CHUNK = 1_000


def heading() -> list[str]:
    return [
        _("Number"), _("Kind"), _("Title"), _("State"), _("Light"), _("Layer"), _("Round"), _("Unit in charge"),
        _("Enterprise"), _("Project"), _("Category"), _("Channel"), _("Urgency"), _("Difficulty"), _("Submitted"),
        _("Assigned"), _("Signed"), _("First feedback"), _("Proposed"), _("Closed"), _("Due"), _("Outcome"),
        _("Solved"), _("Satisfaction"),
    ]  # fmt: skip


def lines(rows: QuerySet[Issue], actor: Actor, now: datetime) -> Iterator[list[str]]:
    """Each issue as cells of text; enterprise and project only where the reader may know them."""
    table = calendar.current()
    wanted = rows.select_related("lead_unit", "enterprise", "project", "category").defer("readers")[: sheets.MOST]
    for issue in wanted.iterator(chunk_size=CHUNK):
        who = issue.confidentiality != states.Confidentiality.ANONYMOUS or policy.fields(actor, issue).who
        light = clockviews.light_of(table, issue.yellow_at, issue.due_at, issue.red_at, now)
        yield [
            issue.number,
            str(issue.get_kind_display()),
            issue.title,
            str(issue.get_state_display()),
            light.word,
            str(issue.layer),
            str(issue.round),
            issue.lead_unit.name if issue.lead_unit else "",
            issue.enterprise.name if issue.enterprise and who else "",
            issue.project.name if issue.project and who else "",
            issue.category.name if issue.category else issue.category_word,
            str(issue.get_channel_display()),
            str(issue.get_urgency_display()),
            str(issue.get_difficulty_display()) if issue.difficulty else "",
            stamp(issue.submitted_at),
            stamp(issue.assigned_at),
            stamp(issue.signed_at),
            stamp(issue.first_feedback_at),
            stamp(issue.proposed_at),
            stamp(issue.closed_at),
            stamp(issue.due_at),
            str(issue.get_outcome_display()) if issue.outcome else "",
            str(issue.get_solved_display()) if issue.solved else "",
            str(issue.satisfaction or ""),
        ]


def stamp(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
