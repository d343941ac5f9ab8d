"""Who may do what with people, units and posts: the literal table, and which rows each role gets to see."""

from __future__ import annotations

import pytest

from accounts import rules
from accounts.actors import ANONYMOUS, SYSTEM, Actor
from accounts.models import ApiToken, AuditEntry, District, Post, Principal, Unit, User
from accounts.policy import can
from accounts.roles import Role
from accounts.services import create_token
from tests.accounts import cast

S, Y, A = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
STAFF = set(Role) - {Role.ENTERPRISE, Role.OBSERVER}
# Written out a second time on purpose: a row that goes from the code makes this fail.
TABLE: list[tuple[type, str, set[str]]] = [
    (District, "change_district", {S}),
    (Unit, "view", STAFF),
    (Unit, "create_unit", {S}),
    (Unit, "change_unit", {S}),
    (Unit, "close_unit", {S}),
    (User, "view", STAFF),
    (User, "view_contact", {Y}),
    (User, "create_user", {Y}),
    (User, "change_user", {Y}),
    (User, "change_profile", set()),
    (User, "set_password", {Y}),
    (User, "lock_user", {Y}),
    (User, "unlock_user", {Y}),
    (User, "lift_lockout", {Y}),
    (Post, "view", STAFF),
    (Post, "create_post", {Y}),
    (Post, "end_post", {Y}),
    (Post, "hand_over", {Y}),
    (ApiToken, "view", {Y}),
    (ApiToken, "revoke_token", {Y}),
    (AuditEntry, "view", {A, Role.AUDITOR}),
]


@pytest.fixture
def everybody(db: None) -> dict[str, Actor]:
    enterprise = Principal.objects.create(kind="enterprise").pk
    fields = {Role.ENTERPRISE: {"enterprise_id": enterprise}}
    return {role: cast.actor(role, **fields.get(role, {})) for role in Role}


@pytest.fixture
def strangers(db: None) -> dict[type, object]:
    """One row of each kind that belongs to none of the actors."""
    post = cast.post(Role.UNIT_HEAD, cast.unit())
    from accounts.actors import actor_for

    return {
        District: District,
        Unit: post.unit,
        User: post.user,
        Post: post,
        ApiToken: create_token(actor=actor_for(post.user)).token,
        AuditEntry: AuditEntry.objects.first(),
    }


def test_the_table_is_all_there_is() -> None:
    listed = {(model, action) for model, action, _roles in TABLE} | {(ApiToken, "create_token")}
    assert listed == {(model, action) for model, actions in rules.MAY.items() for action in actions}


def test_each_cell(everybody: dict[str, Actor], strangers: dict[type, object]) -> None:
    for model, action, roles in TABLE:
        for role, actor in everybody.items():
            assert can(actor, action, strangers[model]) == (role in roles), (model, action, role)
        assert not can(ANONYMOUS, action, strangers[model])
        assert can(SYSTEM, action, strangers[model])


@pytest.mark.parametrize(
    ("model", "action", "role"), [(model, action, role) for model, action, roles in TABLE for role in sorted(roles)]
)
def test_control_a_row_taken_away_is_noticed(
    model: type, action: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would fail for every single cell that goes missing."""
    kept = {**rules.MAY, model: {**rules.MAY[model], action: rules.MAY[model][action] - {role}}}
    monkeypatch.setattr(rules, "MAY", kept)
    post = Post(role=role, user_id=1)
    actor = Actor(user=User(pk=1), posts=(post,))
    actor.__dict__["posts_held"] = (post,)
    stranger = model(pk=2) if model is not User else User(pk=2)
    if action == "view_contact":
        actor.__dict__["unit_ids"] = frozenset()
        monkeypatch.setattr(rules, "shares_unit", lambda actor, user: False)
    assert not rules.answer(actor, action, stranger)


def test_ones_own(everybody: dict[str, Actor]) -> None:
    for role, actor in everybody.items():
        assert can(actor, "view", actor.user)
        assert can(actor, "view_contact", actor.user)
        assert can(actor, "change_profile", actor.user)
        assert can(actor, "create_token", ApiToken)
        for action in rules.NOT_OWN & set(rules.MAY[User]):
            assert not can(actor, action, actor.user), (role, action)


def test_an_unknown_kind_or_act_is_a_mistake_of_ours(officer: Actor) -> None:
    with pytest.raises(KeyError):
        can(officer, "view", object())
    with pytest.raises(KeyError):
        can(officer, "fly", Unit)


# Rows ----------------------------------------------------------------------------------------------------------------


def test_units_are_known_to_the_staff(everybody: dict[str, Actor]) -> None:
    count = Unit.objects.count()
    for role, actor in everybody.items():
        assert Unit.objects.visible_to(actor).count() == (count if role in STAFF else 0), role
    assert not Unit.objects.visible_to(ANONYMOUS).exists()


def test_people_who_left_outsiders_and_locked_ones(everybody: dict[str, Actor]) -> None:
    from datetime import timedelta

    from common import clock

    now = clock.now()
    current = cast.post(Role.UNIT_HEAD, cast.unit()).user
    left = cast.post(
        Role.UNIT_HEAD, cast.unit(), starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=1)
    ).user
    locked = cast.post(Role.UNIT_HEAD, cast.unit()).user
    locked.is_active = False
    locked.save()
    outsider = everybody[Role.ENTERPRISE].user
    for role, actor in everybody.items():
        seen = set(User.objects.visible_to(actor))
        everything = role in (Y, A, Role.AUDITOR)
        assert actor.user in seen
        assert (current in seen) == (role in STAFF), role
        assert (left in seen) == everything, role
        assert (locked in seen) == everything, role
        assert (outsider in seen) == (everything or role in (Role.COORDINATOR, Role.ENTERPRISE)), role
    assert not User.objects.visible_to(ANONYMOUS).exists()


def test_contact_is_for_colleagues_of_the_unit(officer: Actor) -> None:
    colleague = cast.post(Role.UNIT_HEAD, officer.posts[0].unit).user
    stranger = cast.post(Role.UNIT_HEAD, cast.unit()).user
    assert can(officer, "view_contact", colleague)
    assert not can(officer, "view_contact", stranger)


def test_keys_are_ones_own(everybody: dict[str, Actor]) -> None:
    tokens = {role: create_token(actor=actor).token for role, actor in everybody.items()}
    for role, actor in everybody.items():
        seen = set(ApiToken.objects.visible_to(actor))
        assert seen == (set(tokens.values()) if role == Y else {tokens[role]})
    assert not ApiToken.objects.visible_to(ANONYMOUS).exists()
