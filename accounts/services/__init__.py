"""Every write of WHO, one verb each. Each records itself in the audit trail, in the same transaction."""

from accounts.services.bulk import PersonRow, PostRow, UnitRow, create_people, create_units
from accounts.services.district import change_district
from accounts.services.posts import create_post, end_post, hand_over
from accounts.services.tokens import authenticate_token, create_token, revoke_token
from accounts.services.units import change_unit, close_unit, create_unit
from accounts.services.users import (
    NewUser,
    change_profile,
    change_user,
    create_user,
    lift_lockout,
    lock_user,
    set_password,
    unlock_user,
)

__all__ = [
    "NewUser",
    "PersonRow",
    "PostRow",
    "UnitRow",
    "authenticate_token",
    "change_district",
    "change_profile",
    "change_unit",
    "change_user",
    "close_unit",
    "create_people",
    "create_post",
    "create_token",
    "create_unit",
    "create_units",
    "create_user",
    "end_post",
    "hand_over",
    "lift_lockout",
    "lock_user",
    "revoke_token",
    "set_password",
    "unlock_user",
]
