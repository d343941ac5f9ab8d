"""Who may see and change enterprises, projects and lines (PRODUCT.md §1, §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from accounts import conflicts
from accounts import policy as engine
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post, Unit
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
from projects.querysets import reached

DESK = frozenset({Role.COORDINATOR})
INVITING = frozenset({Role.COORDINATOR, Role.SPECIALIST})
CONFIRMING = frozenset({Role.COORDINATOR, Role.SECURITY_ADMIN})
# The unit that is responsible for it reports, the coordinator for any (``of_the_unit``).
REPORTING = frozenset({Role.COORDINATOR, Role.UNIT_OFFICER, Role.UNIT_HEAD})
# They judge what a unit did (``judges``).
JUDGING = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
WATCHING = frozenset({*OPERATIONAL_ROLES, Role.DISCIPLINE})
COUNTING = frozenset({Role.STATISTICS})
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
        "log_contact": TOUCHING,
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
        "correct_date": JUDGING,
        "name_manager": DESK,
        "end_manager": DESK,
        "name_member": DESK,
        "end_member": DESK,
        "move_projects": DESK,
        "advance": REPORTING,
        "override_gate": JUDGING,
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
        "lower_year": JUDGING,
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
        "drop_item": JUDGING,
        "assign_item": JUDGING,
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

Scope = Callable[[Actor], Q | None]
_enterprise_scopes: list[Scope] = []


def register_enterprise_scope(rule: Scope) -> None:
    """``rule(actor)`` names further enterprises that the actor meets, as a condition on Enterprise; None for none.
    It must not lead to the enterprise of an issue whose enterprise the actor may not learn."""
    if rule not in _enterprise_scopes:
        _enterprise_scopes.append(rule)


def answer(actor: Actor, action: str, obj: Any) -> bool:
    """By the role alone where ``obj`` is a kind; of a row, by what ``BESIDES`` asks for as well."""
    model = obj if isinstance(obj, type) else type(obj)
    if actor.system:
        return True
    if not actor.has(*MAY[model][action]):
        return False
    beside = BESIDES.get(action)
    return obj is model or beside is None or beside(actor, obj)


def of_the_unit(actor: Actor, obj: Project | PlanItem | Promise) -> bool:
    """In a unit role of the unit that answers for it; the coordinator for any."""
    return actor.has(*DESK) or responsible_unit(obj) in engine.subtree_of(actor)


def stands_behind(actor: Actor, project: Project) -> bool:
    """In a unit role of the responsible or the lead unit, or of one above it; the coordinator for any."""
    units = engine.subtree_of(actor)
    return actor.has(*DESK) or project.unit_id in units or project.lead_unit_id in units


def judges(actor: Actor, obj: Project | PlanItem | Promise) -> bool:
    """Nobody judges a unit in which they hold a post (PRODUCT.md §1)."""
    return not conflicts.conflicted(actor, responsible_unit(obj))


def judges_alone(actor: Actor, obj: Project | PlanItem | Promise) -> bool:
    """The coordinator's alone (§4: overridden only by the coordinator); the supervisor's where that desk cannot judge
    the unit."""
    unit_id = responsible_unit(obj)
    if conflicts.conflicted(actor, unit_id):
        return False
    if actor.has(*DESK):
        return True
    key = f"stands_in {unit_id}"
    if key not in actor._cache:
        unit = Unit.objects.filter(pk=unit_id).first()
        actor._cache[key] = unit is not None and conflicts.of_desk(Role.COORDINATOR, unit)
    return bool(actor._cache[key])


def asked_for_park(actor: Actor, project: Project) -> bool:
    """The leader who is asked for consent to a park, or the service office of that leader."""
    return Lead.objects.filter(project=project, park_asked_of__in=engine.readers_of(actor)).exists()


def in_touch(actor: Actor, about: Project | Enterprise) -> bool:
    """With an enterprise that one meets; with a project of which one reads the whole file."""
    return isinstance(about, Enterprise) or reads_whole(actor, about)


def keeps(actor: Actor, chain: Chain) -> bool:
    """The chain's leader, who serves that leader, and the units of its task force; the coordinator for any."""
    if actor.has(*DESK) or chain.leader_id in engine.readers_of(actor):
        return True
    return not engine.subtree_of(actor).isdisjoint(chain.units.values_list("pk", flat=True))


def second_person(actor: Actor, invitation: EnterpriseInvitation) -> bool:
    return actor.user is not None and actor.user.pk != invitation.invited_by_id


def own_invitation(actor: Actor, invitation: EnterpriseInvitation) -> bool:
    return actor.has(*DESK) or (actor.user is not None and actor.user.pk == invitation.invited_by_id)


def other_than_entered(actor: Actor, figure: MonthFigure) -> bool:
    """Two persons: whoever entered a figure does not answer it, whatever posts they hold."""
    return actor.user is not None and figure.entered_by_id != actor.user.pk


# What besides the role an act on one row asks for.
BESIDES: dict[str, Callable[[Actor, Any], bool]] = {
    "describe_project": stands_behind,
    "add_project_file": stands_behind,
    "record_date": stands_behind,
    "advance": stands_behind,
    "record_first_talk": stands_behind,
    "answer_park": asked_for_park,
    "log_contact": in_touch,
    "plan_year": of_the_unit,
    "enter_months": of_the_unit,
    "add_promise": of_the_unit,
    "start_item": of_the_unit,
    "return_item": of_the_unit,
    "finish_item": of_the_unit,
    "refuse_item": of_the_unit,
    "revise_item": of_the_unit,
    "check_promise": judges,
    "grant_revision": judges_alone,
    "deny_revision": judges_alone,
    "assign_item": judges_alone,
    "override_gate": judges_alone,
    "correct_date": judges_alone,
    "lower_year": judges_alone,
    "drop_item": judges_alone,
    "answer_months": other_than_entered,
    "record_meeting": keeps,
    "add_target": keeps,
    "confirm_invitation": second_person,
    "withdraw_invitation": own_invitation,
}


def responsible_unit(obj: Project | PlanItem | Promise) -> int | None:
    """The unit that answers for it: its own, else the project's."""
    return obj.unit_id or (None if isinstance(obj, Project) else obj.project.unit_id)


def reads_whole(actor: Actor, project: Project) -> bool:
    """The file as a whole: money, promises, log, lead, files, history. Of a project in which the own unit has no more
    than an item, what it is, its stages, people and plan are enough."""
    key = f"reads_whole {project.pk}"
    if key not in actor._cache:
        scope = project_scope(actor, whole=True)
        actor._cache[key] = scope is None or Project.objects.filter(scope, pk=project.pk).exists()
    return bool(actor._cache[key])


def post_for(actor: Actor, action: str, model: type) -> Post | None:
    return actor.in_role(*MAY[model][action])


def enterprise_scope(actor: Actor) -> Q | None:
    """None: all of them. Else those in one's care, town or line, one's own, and what higher apps add."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return None
    if actor.user is None:
        return Q(pk__in=[])
    readers = engine.readers_of(actor)
    scope = Q(pk__in=firms_of(actor))
    if actor.has(*MEETING_ENTERPRISES):
        scope |= Q(liaison_leader__in=readers) | Q(liaison_unit__in=readers)
        scope |= Q(town__in=readers) | Q(town__in=_units_of_lines(readers))
        for rule in _enterprise_scopes:
            further = rule(actor)
            scope |= Q(pk__in=[]) if further is None else further
    return scope


def project_scope(actor: Actor, *, whole: bool = False) -> Q | None:
    """None: all of them. Else those that one manages, serves or stands behind, of one's units, line and enterprise;
    ``whole`` leaves out those of which one's unit has no more than an item of the plan."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return None
    if actor.user is None:
        return Q(pk__in=[])
    readers, today = engine.readers_of(actor), clock.today()
    scope = Q(manager__in=readers) | Q(unit__in=readers) | Q(enterprise__in=firms_of(actor))
    scope |= Q(lead_unit__in=readers) | Q(town__in=readers) | Q(park__in=readers)
    managed = ProjectManager.objects.reading(today).filter(Q(post__in=readers) | Q(leader__in=readers))
    served = TeamMember.objects.reading(today).filter(post__in=readers)
    scope |= Q(pk__in=managed.values("project")) | Q(pk__in=served.values("project"))
    begun = Lead.objects.filter(Q(owner__in=readers) | Q(park_asked_of__in=readers))
    scope |= Q(pk__in=begun.values("project"))
    scope |= reached(_lines(readers))
    if not whole:
        scope |= Q(pk__in=PlanItem.objects.filter(unit__in=readers).values("project"))
    return scope


def money_scope(actor: Actor) -> Q | None:
    """Of MonthFigure and YearPlan: those of all projects for statistics, else of the projects that one sees."""
    if actor.has(*COUNTING):
        return None
    scope = project_scope(actor, whole=True)
    return None if scope is None else Q(project__in=Project.objects.filter(scope))


def firms_of(actor: Actor) -> list[int]:
    """The enterprises as which the actor reads. Who is staff as well reads the own enterprise in its corner, never as
    staff: one person on both sides is a conflict of interest, whichever post they chose to act in."""
    readers = engine.readers_of(actor)
    mine = [post.enterprise_id for post in actor.posts_held if post.role == Role.ENTERPRISE]
    if actor.roles <= OUTSIDERS or not mine:
        return readers
    own = Enterprise.objects.filter(Q(pk__in=mine) | Q(merged_into__in=mine))
    both_sides = list(own.values_list("pk", flat=True))
    return [one for one in readers if one not in both_sides]


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
