"""Rows and words of the decision pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import policy as engine
from accounts.actors import Actor
from common import clock, fmt
from deadlines import calendar
from issues import clockviews, policy, timeline
from issues.models import Decision, Issue
from issues.states import FINAL


def rows(actor: Actor, *, done: bool) -> QuerySet[Decision]:
    wanted = Decision.objects.visible_to(actor).select_related("issue", "unit", "decided_by__user", "in_name_of__user")
    if done:
        return wanted.filter(done_at__isnull=False)
    return wanted.filter(done_at__isnull=True).exclude(issue__state__in=FINAL)


def tabs(done: bool) -> list[dict[str, Any]]:
    here = reverse("issues:decisions")
    return [
        {"label": _("Open"), "url": here, "current": not done},
        {"label": _("Done"), "url": f"{here}?show=done", "current": done},
    ]


def flat(actor: Actor, found: list[Decision], now: datetime) -> list[dict[str, Any]]:
    table, mine = calendar.current(), engine.subtree_of(actor)
    visible = set(
        Issue.objects.visible_to(actor).filter(pk__in=[one.issue_id for one in found]).values_list("pk", flat=True)
    )
    return [_flat(actor, one, table, now, one.issue_id in visible, one.unit_id in mine) for one in found]


def _flat(actor: Actor, one: Decision, table: Any, now: datetime, visible: bool, mine: bool) -> dict[str, Any]:
    issue = one.issue
    hidden = issue is not None and not policy.fields(actor, issue).text and not mine
    return {
        "text": timeline.hidden() if hidden else one.text,
        "number": issue.number if issue else "",
        "url": reverse("issues:page", args=[issue.number]) + f"#decision-{one.pk}" if issue and visible else "",
        "unit": one.unit.label,
        "by": str((one.in_name_of or one.decided_by).user),
        "decided": fmt.md(one.decided_at),
        "due": fmt.md(one.due_on),
        "done": fmt.md(one.done_at),
        "light": _light(one, table, now),
        "act": reverse("issues:decision", args=[one.pk]) if mine and not one.done_at else "",
    }


def _light(one: Decision, table: Any, now: datetime) -> fmt.Light:
    if one.done_at:
        late = one.due_on is not None and clock.local(one.done_at).date() > one.due_on
        days = table.working_days_between(one.due_on, clock.local(one.done_at).date()) if late else 0
        return fmt.light("yellow" if late else "green", fmt.kept(late=late, days=days))
    if one.due_on is None:
        return fmt.light("none", _("No date"))
    due_at = calendar.close_of_business(one.due_on)
    yellow_at = calendar.opening(table.working_day_before(one.due_on))
    red_at = calendar.close_of_business(table.add_working_days(one.due_on, 3))
    return clockviews.light_of(table, yellow_at, due_at, red_at, now)


def page(actor: Actor, decision: Decision) -> dict[str, Any]:
    said = decision.feedback.select_related("post__user").order_by("at", "id")
    return {
        "decision": decision,
        "title": _("Feedback on a decision"),
        "cancel": back(actor, decision),
        "crumbs": [
            {"label": _("Decisions"), "url": reverse("issues:decisions")},
            {"label": decision.issue.number if decision.issue else ""},
        ],
        "due": fmt.cn_date(decision.due_on),
        "said": [
            {"at": fmt.md_hm(row.at), "who": str(row.post.user), "text": row.text, "done": row.done} for row in said
        ],
    }


def back(actor: Actor, decision: Decision) -> str:
    """To the issue where the actor may read it; a unit that only carries out the decision sees the list."""
    if decision.issue and Issue.objects.visible_to(actor).filter(pk=decision.issue_id).exists():
        return reverse("issues:page", args=[decision.issue.number]) + f"#decision-{decision.pk}"
    return reverse("issues:decisions")
