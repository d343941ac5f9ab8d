"""What the team section shows: who manages and serves the project now, with how to reach them, and who did before."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post
from common import clock, fmt
from projects import gates
from projects.models import Project, ProjectManager, TeamMember
from projects.overview import may
from projects.services.managers import LEADING

ACTS = ("name_manager", "end_manager", "name_member", "end_member")


def context(actor: Actor, project: Project) -> dict[str, Any]:
    who = ("post__user", "post__unit")
    managers = list(project.managers.select_related(*who, "leader__user", "leader__unit"))
    members = list(project.team.select_related(*who))
    allowed = may(actor, project, *ACTS)
    running = [row for row in managers if row.ends_on is None]
    in_charge = {*project.managers.in_charge(clock.now()).values_list("post_id", flat=True)}
    in_charge |= {*project.team.in_charge(clock.now()).values_list("post_id", flat=True)}
    return {
        "managers": [_manager(row, allowed["end_manager"], in_charge) for row in running],
        "members": [_member(row, allowed["end_member"], in_charge) for row in members if row.ends_on is None],
        "former": [_former(row) for row in [*managers, *members] if row.ends_on is not None],
        "hint": gates.wants_second_manager(project, sum(row.post_id in in_charge for row in running)),
        "lead_unit": project.lead_unit.name if project.lead_unit else "",
        "may": allowed,
    }


def _person(post: Post) -> dict[str, str]:
    """Who is named to serve is named to be reached; a leader is reached through the office."""
    unit, user = post.unit, post.user
    office, leading = unit.phone if unit else "", post.role in LEADING
    return {
        "name": user.name,
        "title": str(post.title or post.get_role_display()),
        "unit": unit.label if unit else "",
        "phone": office if leading else user.phone or office,
        "email": "" if leading else user.email,
    }


def _manager(row: ProjectManager, may_end: bool, in_charge: set[int]) -> dict[str, Any]:
    url = reverse("projects:end_manager", args=[row.project.code, row.pk])
    return {
        **_person(row.post),
        "leader": row.leader.user.name if row.leader_id != row.post_id else "",
        "since": fmt.full_date(row.starts_on),
        "gone": row.post_id not in in_charge,
        "reason": row.reason,
        "end": url if may_end else "",
    }


def _member(row: TeamMember, may_end: bool, in_charge: set[int]) -> dict[str, Any]:
    url = reverse("projects:end_member", args=[row.project.code, row.pk])
    return {
        **_person(row.post),
        "duty": row.get_duty_display(),
        "since": fmt.full_date(row.starts_on),
        "gone": row.post_id not in in_charge,
        "end": url if may_end else "",
    }


def _former(row: ProjectManager | TeamMember) -> dict[str, str]:
    duty = row.get_duty_display() if isinstance(row, TeamMember) else _("Project manager")
    return {
        "name": row.post.user.name,
        "unit": row.post.unit.label if row.post.unit else "",
        "duty": str(duty),
        "days": f"{fmt.full_date(row.starts_on)} — {fmt.full_date(row.ends_on)}",
        "reason": row.end_reason,
    }
