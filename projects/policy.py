"""Who may see and change enterprises, projects and lines (PRODUCT.md §1, §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from accounts import policy as engine
from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import OPERATIONAL_ROLES, Role
from accounts.rules import STAFF
from common import clock
from projects.models import Enterprise, EnterpriseInvitation, Line, Project, ProjectImport, ProjectManager, TeamMember

DESK = frozenset({Role.COORDINATOR})
INVITING = frozenset({Role.COORDINATOR, Role.SPECIALIST})
CONFIRMING = frozenset({Role.COORDINATOR, Role.SECURITY_ADMIN})
# Roles for which a list of enterprises is part of the work; what each sees of it is ``enterprise_scope``.
MEETING_ENTERPRISES = frozenset(
    {
        *OPERATIONAL_ROLES,
        Role.SPECIALIST,
        Role.UNIT_OFFICER,
        Role.UNIT_HEAD,
        Role.SERVICE_OFFICE,
        Role.LEADER,
    }
)

MAY: dict[type, dict[str, frozenset[Role]]] = {
    Enterprise: {
        "view": MEETING_ENTERPRISES,
        "view_contact": MEETING_ENTERPRISES,
        "create_enterprise": DESK,
        "change_enterprise": DESK,
        "merge_enterprise": DESK,
        "invite_enterprise": INVITING,
    },
    EnterpriseInvitation: {
        "view": INVITING | CONFIRMING,
        "confirm_invitation": CONFIRMING,
        "withdraw_invitation": INVITING,
    },
    Project: {"view": MEETING_ENTERPRISES, "create_project": DESK},
    ProjectImport: {"view": DESK, "check_import": DESK, "apply_import": DESK, "undo_import": DESK},
    Line: {"view": STAFF, "create_line": DESK, "change_line": DESK, "close_line": DESK},
}

Scope = Callable[[Actor], Q | None]
_enterprise_scopes: list[Scope] = []


def register_enterprise_scope(rule: Scope) -> None:
    """``rule(actor)`` names further enterprises that the actor meets, as a condition on Enterprise; None for none.
    It must not lead to the enterprise of an issue whose enterprise the actor may not learn."""
    if rule not in _enterprise_scopes:
        _enterprise_scopes.append(rule)


def answer(actor: Actor, action: str, obj: Any) -> bool:
    model = obj if isinstance(obj, type) else type(obj)
    roles = MAY[model][action]
    if actor.system:
        return True
    if isinstance(obj, EnterpriseInvitation) and action == "confirm_invitation" and actor.user is not None:
        return actor.user.pk != obj.invited_by_id and actor.has(*roles)
    if isinstance(obj, EnterpriseInvitation) and action == "withdraw_invitation" and actor.user is not None:
        return actor.has(*DESK) or (actor.user.pk == obj.invited_by_id and actor.has(*roles))
    return actor.has(*roles)


def post_for(actor: Actor, action: str, model: type) -> Post | None:
    return actor.in_role(*MAY[model][action])


def enterprise_scope(actor: Actor) -> Q | None:
    """None: all of them. Else those in one's care, town or line, one's own, and what higher apps add."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return None
    if actor.user is None:
        return Q(pk__in=[])
    readers = engine.readers_of(actor)
    scope = Q(pk__in=readers)
    if actor.has(*MEETING_ENTERPRISES):
        scope |= Q(liaison_leader__in=readers) | Q(liaison_unit__in=readers)
        scope |= Q(town__in=readers) | Q(town__in=_units_of_lines(readers))
        for rule in _enterprise_scopes:
            further = rule(actor)
            scope |= Q(pk__in=[]) if further is None else further
    return scope


def project_scope(actor: Actor) -> Q | None:
    """None: all of them. Else those that one manages, serves or stands behind, of one's units, line and enterprise."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return None
    if actor.user is None:
        return Q(pk__in=[])
    readers, today = engine.readers_of(actor), clock.today()
    scope = Q(manager__in=readers) | Q(unit__in=readers) | Q(enterprise__in=readers)
    scope |= Q(lead_unit__in=readers) | Q(town__in=readers) | Q(park__in=readers)
    managed = ProjectManager.objects.current(today).filter(Q(post__in=readers) | Q(leader__in=readers))
    served = TeamMember.objects.current(today).filter(post__in=readers)
    scope |= Q(pk__in=managed.values("project")) | Q(pk__in=served.values("project"))
    units, lines = _units_of_lines(readers), _lines(readers)
    scope |= Q(town__in=units) | Q(park__in=units)
    return scope | Q(pk__in=Line.projects.through.objects.filter(line__in=lines.values("pk")).values("project"))


def _lines(readers: list[int]) -> Any:
    return Line.objects.living(clock.today()).filter(leader__in=readers)


def _units_of_lines(readers: list[int]) -> Any:
    return Line.units.through.objects.filter(line__in=_lines(readers).values("pk")).values("unit")


def register() -> None:
    for model in MAY:
        engine.register(model, answer)
