"""Rows of what a person did, and of what an enterprise submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import fmt
from issues import states, timeline
from issues.models import Event, Issue
from issues.pages import listrows
from issues.states import State

CORNER = 8


def done(actor: Actor) -> QuerySet[Event]:
    """The events of this person on issues that are there for the actor now."""
    rows = Event.objects.filter(user=actor.user, issue__in=Issue.objects.visible_to(actor).values("pk"))
    return rows.select_related("issue")


def done_rows(events: list[Event]) -> list[dict[str, Any]]:
    return [
        {
            "at": fmt.md_hm(event.at),
            "verb": timeline.label(event.kind),
            "number": event.issue.number,
            "title": event.issue.title,
            "url": f"{reverse('issues:page', args=[event.issue.number])}#e{event.seq}",
            "state": str(event.issue.get_state_display()),
        }
        for event in events
    ]


def mine_rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The own issues; what waits for the submitter carries its verb."""
    words = {state: str(label) for state, label in states.State.choices}
    return [
        {
            "number": row["number"],
            "title": row["title"],
            "url": reverse("issues:page", args=[row["number"]]),
            "state": words[row["state"]],
            "unit": row["lead_unit__name"] or "",
            "submitted": fmt.md(row["submitted_at"]),
            **_asked(row),
        }
        for row in found
    ]


def corner(actor: Actor) -> dict[str, Any]:
    """The newest of the enterprise's own issues: never those that the person handles in another role."""
    firms = Q(enterprise__in=actor.enterprise_ids) | Q(enterprise__merged_into__in=actor.enterprise_ids)
    rows = Issue.objects.visible_to(actor).filter(firms).order_by("-submitted_at", "-id")
    found = list(rows.values(*listrows.COLUMNS, "solved", "invitations", "outcome")[:CORNER])
    return {"rows": mine_rows(found), "url": reverse("issues:mine"), "new_url": reverse("issues:new")}


def _asked(row: dict[str, Any]) -> dict[str, str]:
    if row["state"] == State.RETURNED:
        return {"verb": _("Supplement"), "act_url": reverse("issues:act", args=[row["number"], "supplement"])}
    if row["state"] == State.RATING or (row["state"] == State.MERGED and row["invitations"] and not row["solved"]):
        return {"verb": _("Rate"), "act_url": reverse("issues:act", args=[row["number"], "rate"])}
    return {"verb": "", "act_url": ""}
