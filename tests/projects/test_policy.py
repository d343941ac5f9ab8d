"""Who may do what with enterprises, invitations, projects and lines: the literal table."""

from __future__ import annotations

import pytest

from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import Post, Principal, User
from accounts.policy import can
from accounts.roles import Role
from projects import policy
from projects.models import Enterprise, EnterpriseInvitation, Line, Project
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
    (Line, "view", set(Role) - {Role.ENTERPRISE, Role.OBSERVER}),
    (Line, "create_line", {DESK}),
    (Line, "change_line", {DESK}),
    (Line, "close_line", {DESK}),
]


def row(model: type) -> object:
    """One that belongs to none of the actors."""
    return model(pk=999_999, invited_by_id=999_999) if model is EnterpriseInvitation else model(pk=999_999)


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
    model: type, action: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if action == "withdraw_invitation":
        monkeypatch.setattr(policy, "DESK", frozenset())
    kept = {**policy.MAY, model: {**policy.MAY[model], action: policy.MAY[model][action] - {role}}}
    monkeypatch.setattr(policy, "MAY", kept)
    assert not policy.answer(Actor(user=User(pk=1), posts=(Post(role=role),)), action, row(model))
