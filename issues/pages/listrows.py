"""Flat rows of the issue list: formatted here, printed there (a call in a template row costs ten times as much)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.roles import Role
from common import fmt
from common.pages import COUNT_TO
from deadlines import calendar
from issues import clockviews, filters, policy, states
from issues.models import Issue

# What a row needs, and what the policy asks of an issue to say which fields are for whom.
COLUMNS = (
    "id", "number", "title", "kind", "state", "layer", "round", "confidentiality", "on_behalf", "submitted_at",
    "yellow_at", "due_at", "red_at", "lead_unit_id", "leader_id", "office_id", "filed_by_id", "enterprise_id",
    "lead_unit__short_name", "lead_unit__name", "enterprise__name", "body__enterprise_claim", "version",
)  # fmt: skip


def rows(actor: Actor, found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    table = calendar.current()
    prefix = reverse("issues:list")
    labels = dict(states.State.choices)
    words = {state: str(label) for state, label in labels.items()}
    return [
        {
            "number": row["number"],
            "url": f"{prefix}{row['number']}/",
            "title": row["title"],
            "meta": enterprise(actor, row),
            "light": clockviews.light_of(table, row["yellow_at"], row["due_at"], row["red_at"], now),
            "unit": row["lead_unit__short_name"] or row["lead_unit__name"] or "",
            "state": words[row["state"]],
            "due": fmt.md(row["due_at"]),
            "layer": f"{row['layer']}／{row['round']}",
            "version": row["version"],
        }
        for row in found
    ]


def enterprise(actor: Actor, row: dict[str, Any]) -> str:
    """The enterprise's name, or what the form claims, where the reader may know it."""
    name = row["enterprise__name"] or row["body__enterprise_claim"] or ""
    if not name or row["confidentiality"] != states.Confidentiality.ANONYMOUS:
        return name
    known = {key: row[key] for key in COLUMNS if "__" not in key}
    return name if policy.fields(actor, Issue(**known)).who else _("Anonymous")


def totals(rows: QuerySet[Issue], now: datetime) -> dict[str, Any]:
    """How many, how many of them red and yellow, how many above the first layer: counted no further than a thousand."""
    most = COUNT_TO + 1
    counted = rows.order_by()[:most].aggregate(
        n=Count("pk"),
        red=Count("pk", filter=Q(red_at__lte=now)),
        yellow=Count("pk", filter=Q(yellow_at__lte=now, red_at__gt=now)),
        upper=Count("pk", filter=Q(layer__gte=2)),
    )
    number, more = min(counted["n"], COUNT_TO), counted["n"] == most
    return counted | {"n": number, "more": more, "text": fmt.count(number, more=more)}


def tabs(actor: Actor, found: filters.Found) -> list[dict[str, Any]]:
    """Ready-made views by role; the one whose conditions are exactly the present ones is current."""
    here = reverse("issues:list")
    views: list[tuple[str, dict[str, str]]] = [
        (_("All at work"), {"state": filters.OPEN}),
        (_("Yellow and red"), {"state": filters.OPEN, "light": "late"}),
    ]
    if actor.has(Role.COORDINATOR):
        views += [
            (_("To accept"), {"state": states.State.SUBMITTED}),
            (_("To verify"), {"state": states.State.PROPOSED}),
            (_("Disputed"), {"state": states.State.DISPUTED}),
        ]
    if actor.has(Role.UNIT_OFFICER, Role.UNIT_HEAD):
        views.append((_("To sign for"), {"state": states.State.ASSIGNED}))
    if actor.has(Role.LEADER, Role.SERVICE_OFFICE, Role.CHIEF):
        views.append((_("To decide"), {"state": states.State.COORDINATING}))
    if actor.has(Role.SUPERVISOR, Role.DISCIPLINE):
        views.append((_("Complaints"), {"state": filters.OPEN, "kind": states.IssueKind.COMPLAINT}))
    if actor.has(Role.SUPERVISOR, Role.CHIEF):
        views.append((_("Disputed"), {"state": states.State.DISPUTED}))
    views += [
        (_("Suspended"), {"state": states.State.SUSPENDED}),
        (_("Ended"), {"state": filters.ENDED}),
    ]
    return [
        {"label": label, "url": filters.address(here, chosen), "current": found.chosen == chosen}
        for label, chosen in views
    ]
