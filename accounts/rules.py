"""Who may do what with units, people, posts, tokens and the audit trail: the literal table of this app.

三员 (PRODUCT.md §1): the system administrator keeps master data, the security administrator accounts and posts, the
audit administrator reads the trail; nobody works on their own account as an administrator.
"""

from __future__ import annotations

from typing import Any

from accounts import policy
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import ApiToken, AuditEntry, District, Post, Unit, User
from accounts.roles import Role

STAFF = frozenset(Role) - OUTSIDERS
NOBODY: frozenset[Role] = frozenset()
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
# They see people and posts that are over, and locked accounts as well.
ALL_PEOPLE = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR})
AUDIT_READERS = frozenset({Role.AUDIT_ADMIN, Role.AUDITOR})

MAY: dict[type, dict[str, frozenset[Role]]] = {
    District: {"change_district": SYSTEM},
    Unit: {"view": STAFF, "create_unit": SYSTEM, "change_unit": SYSTEM, "close_unit": SYSTEM},
    User: {
        "view": STAFF,
        "view_contact": SECURITY,
        "create_user": SECURITY,
        "change_user": SECURITY,
        "change_profile": NOBODY,
        "set_password": SECURITY,
        "lock_user": SECURITY,
        "unlock_user": SECURITY,
        "lift_lockout": SECURITY,
    },
    Post: {"view": STAFF, "create_post": SECURITY, "end_post": SECURITY, "hand_over": SECURITY},
    ApiToken: {"view": SECURITY, "create_token": NOBODY, "revoke_token": SECURITY},
    AuditEntry: {"view": AUDIT_READERS},
}
# What everybody may do with what is their own …
OWN: dict[type, frozenset[str]] = {
    User: frozenset({"view", "view_contact", "change_profile"}),
    Post: frozenset({"view"}),
    ApiToken: frozenset({"view", "create_token", "revoke_token"}),
}
# … and what no administrator may do with their own.
NOT_OWN = frozenset(
    {"change_user", "set_password", "lock_user", "unlock_user", "lift_lockout", "create_post", "end_post", "hand_over"}
)


def answer(actor: Actor, action: str, obj: Any) -> bool:
    """On a class: may the actor do this to any of its rows."""
    model = obj if isinstance(obj, type) else type(obj)
    roles = MAY[model][action]
    if actor.system:
        return True
    if _is_own(actor, obj, model):
        return action in OWN.get(model, ()) or (action not in NOT_OWN and actor.has(*roles))
    if action == "view_contact" and obj is not User and shares_unit(actor, obj):
        return True
    return actor.has(*roles)


def _is_own(actor: Actor, obj: Any, model: type) -> bool:
    if actor.user is None:
        return False
    if obj is ApiToken:
        return True  # everybody may have tokens of their own
    if isinstance(obj, User):
        return obj.pk == actor.user.pk
    return isinstance(obj, Post | ApiToken) and obj.user_id == actor.user.pk


def shares_unit(actor: Actor, user: User) -> bool:
    """A colleague: somebody with a current post in a unit of the actor's own."""
    return Post.objects.current().filter(user=user, unit__in=actor.unit_ids).exists()


def post_for(actor: Actor, action: str, model: type) -> Post | None:
    """The post that gives the right: the one to be recorded."""
    return actor.in_role(*MAY[model][action])


def register() -> None:
    for model in MAY:
        policy.register(model, answer)
