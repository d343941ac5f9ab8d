"""Who may do what with enterprises, invitations, projects and lines: the literal table."""

from __future__ import annotations

import pytest

from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import Post, Principal, User
from accounts.policy import can
from accounts.roles import Role
from projects import policy
from projects.models import (
    Chain,
    Enterprise,
    EnterpriseInvitation,
    LibraryTarget,
    Line,
    MonthFigure,
    PlanItem,
    Project,
    ProjectImport,
    Promise,
)
from tests.accounts import cast

DESK, SPECIALIST, SECURITY = Role.COORDINATOR, Role.SPECIALIST, Role.SECURITY_ADMIN
MEETING = {
    DESK,
    SPECIALIST,
    Role.SUPERVISOR,
    Role.CHIEF,
    Role.AUDITOR,
    Role.UNIT_OFFICER,
    Role.UNIT_HEAD,
    Role.SERVICE_OFFICE,
    Role.LEADER,
}
ITEM_VERBS = ("start", "return", "finish", "refuse", "revise", "drop", "assign")
REPORTED = ("plan_year", "enter_months", "add_promise")
# Of a project that is nobody's own: units and the leader who is asked come in only by theirs (tests/permission).
# Written out a second time on purpose: a row that goes from the code makes this fail.
TABLE: list[tuple[type, str, set[str]]] = [
    (Enterprise, "view", MEETING),
    (Enterprise, "view_contact", MEETING),
    (Enterprise, "create_enterprise", {DESK}),
    (Enterprise, "change_enterprise", {DESK}),
    (Enterprise, "merge_enterprise", {DESK}),
    (Enterprise, "invite_enterprise", {DESK, SPECIALIST}),
    (EnterpriseInvitation, "view", {DESK, SPECIALIST, SECURITY}),
    (EnterpriseInvitation, "confirm_invitation", {DESK, SECURITY}),
    (EnterpriseInvitation, "withdraw_invitation", {DESK}),
    (Project, "view", MEETING),
    (Project, "create_project", {DESK}),
    (Project, "change_project", {DESK}),
    (Project, "describe_project", {DESK}),
    (Project, "add_project_file", {DESK}),
    (Project, "record_date", {DESK}),
    (Project, "correct_date", {DESK}),
    (Project, "name_manager", {DESK}),
    (Project, "end_manager", {DESK}),
    (Project, "name_member", {DESK}),
    (Project, "end_member", {DESK}),
    (Project, "move_projects", {DESK}),
    (Project, "advance", {DESK}),
    (Project, "override_gate", {DESK}),
    (Project, "terminate", {DESK}),
    (Project, "strike_off", {DESK}),
    (Project, "record_first_talk", {DESK}),
    (Project, "evaluate", {DESK}),
    (Project, "recommend_park", {DESK}),
    (Project, "record_review", {DESK}),
    (Project, "record_decision", {DESK}),
    (Project, "issue_brief", {DESK}),
    (Project, "register_lead", {DESK, Role.UNIT_OFFICER, Role.UNIT_HEAD}),
    (Project, "answer_park", set()),
    (Project, "give_opinion", {Role.LEADER, Role.CHIEF}),
    *((ProjectImport, action, {DESK}) for action in ("view", "check_import", "apply_import", "undo_import")),
    *((Project, action, {DESK}) for action in ("add_item", "plan_from_template", *REPORTED)),
    (Project, "log_contact", {DESK}),
    (Project, "lower_year", {DESK}),
    (Enterprise, "log_contact", MEETING - {Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR}),
    (PlanItem, "watch_approvals", {DESK, Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR, Role.DISCIPLINE}),
    *(
        (PlanItem, f"{verb}_item", {DESK})
        for verb in ("start", "return", "finish", "refuse", "revise", "drop", "assign")
    ),
    *((PlanItem, f"{verb}_revision", {DESK}) for verb in ("grant", "deny")),
    (MonthFigure, "view", MEETING - {SPECIALIST, Role.SERVICE_OFFICE, Role.LEADER} | {Role.STATISTICS}),
    (MonthFigure, "answer_months", {Role.STATISTICS}),
    *((Promise, action, {DESK, Role.SUPERVISOR}) for action in ("check_promise", "raise_promise")),
    (Chain, "view", set(Role) - {Role.ENTERPRISE, Role.OBSERVER}),
    *((Chain, action, {DESK}) for action in ("create_chain", "change_chain", "record_meeting", "add_target")),
    (LibraryTarget, "view", MEETING),
    (LibraryTarget, "set_target", {DESK}),
    (Line, "view", set(Role) - {Role.ENTERPRISE, Role.OBSERVER}),
    (Line, "create_line", {DESK}),
    (Line, "change_line", {DESK}),
    (Line, "close_line", {DESK}),
]


OF_NONE = {"project": Project(pk=999_999)}


def row(model: type) -> object:
    """One that belongs to none of the actors."""
    more = {EnterpriseInvitation: {"invited_by_id": 999_999}, PlanItem: OF_NONE, Promise: OF_NONE}
    return model(pk=999_999, **more.get(model, {}))


def test_the_table_is_all_there_is() -> None:
    listed = {(model, action) for model, action, _roles in TABLE}
    assert listed == {(model, action) for model, actions in policy.MAY.items() for action in actions}


def test_each_cell(db: None) -> None:
    enterprise = Principal.objects.create(kind="enterprise").pk
    everybody = {
        role: cast.actor(role, **({"enterprise_id": enterprise} if role == Role.ENTERPRISE else {})) for role in Role
    }
    for model, action, roles in TABLE:
        for role, actor in everybody.items():
            assert can(actor, action, row(model)) == (role in roles), (model, action, role)
        assert not can(ANONYMOUS, action, row(model))
        assert can(SYSTEM, action, row(model))


def test_ones_own_invitation() -> None:
    for role, may in ((DESK, True), (SPECIALIST, True), (Role.UNIT_HEAD, False)):
        actor = Actor(user=User(pk=7), posts=(Post(role=role),))
        mine = EnterpriseInvitation(pk=1, invited_by_id=7)
        assert can(actor, "withdraw_invitation", mine) == may
        assert not can(actor, "confirm_invitation", mine)


@pytest.mark.parametrize(
    ("model", "action", "role"), [(model, action, role) for model, action, roles in TABLE for role in sorted(roles)]
)
def test_control_a_row_taken_away_is_noticed(
    model: type, action: str, role: str, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    if action == "withdraw_invitation":
        monkeypatch.setattr(policy, "DESK", frozenset())
    kept = {**policy.MAY, model: {**policy.MAY[model], action: policy.MAY[model][action] - {role}}}
    monkeypatch.setattr(policy, "MAY", kept)
    assert not policy.answer(Actor(user=User(pk=1), posts=(Post(role=role),)), action, row(model))
