"""Who may see and change enterprises, projects and lines (PRODUCT.md §1, §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from accounts import conflicts
from accounts import policy as engine
from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import OPERATIONAL_ROLES, Role
from accounts.rules import STAFF
from common import clock
from projects.models import (
    Chain,
    Enterprise,
    EnterpriseInvitation,
    Lead,
    LibraryTarget,
    Line,
    MonthFigure,
    PlanItem,
    Project,
    ProjectImport,
    ProjectManager,
    Promise,
    TeamMember,
)

DESK = frozenset({Role.COORDINATOR})
INVITING = frozenset({Role.COORDINATOR, Role.SPECIALIST})
CONFIRMING = frozenset({Role.COORDINATOR, Role.SECURITY_ADMIN})
# The unit that is responsible for it reports (``OF_THE_UNIT``), the coordinator for any.
REPORTING = frozenset({Role.COORDINATOR, Role.UNIT_OFFICER, Role.UNIT_HEAD})
# They judge what a unit did, but never one in which they hold a post (``NOT_OF_OWN_UNIT``, PRODUCT.md §1).
JUDGING = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
WATCHING = frozenset({*OPERATIONAL_ROLES, Role.DISCIPLINE})
COUNTING = frozenset({Role.STATISTICS})
# The chain's leader, who serves that leader, and the units of its task force; the coordinator for any.
KEEPING_CHAINS = frozenset({Role.COORDINATOR, Role.LEADER, Role.SERVICE_OFFICE, Role.UNIT_OFFICER, Role.UNIT_HEAD})
# Whose visit, call or talk counts as contact.
TOUCHING = frozenset(
    {Role.COORDINATOR, Role.SPECIALIST, Role.LEADER, Role.SERVICE_OFFICE, Role.UNIT_OFFICER, Role.UNIT_HEAD}
)
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
    ProjectImport: {"view": DESK, "check_import": DESK, "apply_import": DESK, "undo_import": DESK},
    Project: {
        "view": MEETING_ENTERPRISES,
        "create_project": DESK,
        "change_project": DESK,
        "describe_project": REPORTING,
        "add_project_file": REPORTING,
        "record_date": REPORTING,
        "correct_date": DESK,
        "name_manager": DESK,
        "end_manager": DESK,
        "name_member": DESK,
        "end_member": DESK,
        "move_projects": DESK,
        "advance": REPORTING,
        "override_gate": DESK,
        "terminate": DESK,
        "strike_off": DESK,
        "register_lead": REPORTING,
        "record_first_talk": REPORTING,
        "evaluate": DESK,
        "recommend_park": DESK,
        "answer_park": frozenset({Role.LEADER, Role.CHIEF, Role.SERVICE_OFFICE}),
        "record_review": DESK,
        "record_decision": DESK,
        "issue_brief": DESK,
        "give_opinion": frozenset({Role.LEADER, Role.CHIEF}),
        "add_item": DESK,
        "plan_from_template": DESK,
        "plan_year": REPORTING,
        "enter_months": REPORTING,
        "add_promise": REPORTING,
        "log_contact": TOUCHING,
    },
    PlanItem: {
        "watch_approvals": WATCHING,
        "start_item": REPORTING,
        "return_item": REPORTING,
        "finish_item": REPORTING,
        "refuse_item": REPORTING,
        "revise_item": REPORTING,
        "drop_item": DESK,
        "assign_item": DESK,
        "grant_revision": JUDGING,
        "deny_revision": JUDGING,
    },
    MonthFigure: {"view": frozenset({*OPERATIONAL_ROLES, *REPORTING, *COUNTING}), "answer_months": COUNTING},
    Promise: {"check_promise": JUDGING, "raise_promise": JUDGING},
    LibraryTarget: {"view": MEETING_ENTERPRISES, "set_target": DESK},
    Chain: {
        "view": STAFF,
        "create_chain": DESK,
        "change_chain": DESK,
        "record_meeting": KEEPING_CHAINS,
        "add_target": KEEPING_CHAINS,
    },
    Line: {"view": STAFF, "create_line": DESK, "change_line": DESK, "close_line": DESK},
}

# On a row, not on the kind.
OF_THE_UNIT = frozenset(
    {
        "plan_year",
        "enter_months",
        "add_promise",
        "start_item",
        "return_item",
        "finish_item",
        "refuse_item",
        "revise_item",
    }
)
NOT_OF_OWN_UNIT = frozenset({"grant_revision", "deny_revision", "check_promise"})

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
    if isinstance(obj, Project) and action in RELATED and not actor.has(*(roles & DESK)):
        return actor.has(*roles) and RELATED[action](actor, obj)
    if isinstance(obj, EnterpriseInvitation) and action == "confirm_invitation" and actor.user is not None:
        return actor.user.pk != obj.invited_by_id and actor.has(*roles)
    if isinstance(obj, EnterpriseInvitation) and action == "withdraw_invitation" and actor.user is not None:
        return actor.has(*DESK) or (actor.user.pk == obj.invited_by_id and actor.has(*roles))
    if obj is not model and action in OF_THE_UNIT and not actor.has(*DESK):
        return responsible_unit(obj) in engine.subtree_of(actor)
    if obj is not model and action in NOT_OF_OWN_UNIT and conflicts.conflicted(actor, responsible_unit(obj)):
        return False
    if isinstance(obj, Chain) and roles is KEEPING_CHAINS and not actor.has(*DESK):
        return actor.has(*roles) and keeps(actor, obj)
    return actor.has(*roles)


def keeps(actor: Actor, chain: Chain) -> bool:
    if chain.leader_id in engine.readers_of(actor):
        return True
    return not engine.subtree_of(actor).isdisjoint(chain.units.values_list("pk", flat=True))


def responsible_unit(obj: Project | PlanItem | Promise) -> int | None:
    """The unit that answers for it: its own, else the project's."""
    return obj.unit_id or (None if isinstance(obj, Project) else obj.project.unit_id)


def stands_behind(actor: Actor, project: Project) -> bool:
    """In a unit role of the responsible or the lead unit, or of one above it."""
    units = engine.subtree_of(actor)
    return project.unit_id in units or project.lead_unit_id in units


def asked_for_park(actor: Actor, project: Project) -> bool:
    """The leader who is asked for consent to a park, or the service office of that leader."""
    return Lead.objects.filter(project=project, park_asked_of__in=engine.readers_of(actor)).exists()


# What besides the role an act on one project asks for.
RELATED: dict[str, Callable[[Actor, Project], bool]] = {
    "describe_project": stands_behind,
    "add_project_file": stands_behind,
    "record_date": stands_behind,
    "advance": stands_behind,
    "record_first_talk": stands_behind,
    "answer_park": asked_for_park,
}


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
    begun = Lead.objects.filter(Q(owner__in=readers) | Q(park_asked_of__in=readers))
    scope |= Q(pk__in=begun.values("project"))
    units, lines = _units_of_lines(readers), _lines(readers)
    scope |= Q(town__in=units) | Q(park__in=units)
    scope |= Q(pk__in=PlanItem.objects.filter(unit__in=readers).values("project"))
    return scope | Q(pk__in=Line.projects.through.objects.filter(line__in=lines.values("pk")).values("project"))


def money_scope(actor: Actor) -> Q | None:
    """Of MonthFigure and YearPlan: those of all projects for statistics, else of the projects that one sees."""
    if actor.has(*COUNTING):
        return None
    scope = project_scope(actor)
    return None if scope is None else Q(project__in=Project.objects.filter(scope))


def target_scope(actor: Actor) -> Q:
    """Targets of the library: all of them for who sees everything operational, else those of one's own units."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return Q()
    return Q(unit__in=engine.subtree_of(actor))


def _lines(readers: list[int]) -> Any:
    return Line.objects.living(clock.today()).filter(leader__in=readers)


def _units_of_lines(readers: list[int]) -> Any:
    return Line.units.through.objects.filter(line__in=_lines(readers).values("pk")).values("unit")


def register() -> None:
    for model in MAY:
        engine.register(model, answer)
