"""People's accounts: made, changed, locked. What a person may do is a matter of posts."""

from __future__ import annotations

from typing import Any, NamedTuple

from axes.utils import reset
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import User
from accounts.passwords import new_password
from accounts.services._steps import authorise, changed, note, take
from common import ratelimit
from common.errors import Conflict, ValidationError, require

CHANGEABLE = frozenset({"name", "phone", "email"})
OWN_FIELDS = frozenset({"phone", "email"})
WRONG_PASSWORDS, WRONG_WINDOW = 5, 900  # as at the sign-in


class NewUser(NamedTuple):
    """The password is shown to the person once and kept nowhere."""

    user: User
    password: str


@transaction.atomic
def create_user(*, actor: Actor, username: str, name: str, phone: str = "", email: str = "") -> NewUser:
    """An account with a random password. It can do nothing until a post is given. 403, 400."""
    authorise(actor, "create_user", User)
    return open_account(actor=actor, username=username, name=name, phone=phone, email=email)


def open_account(*, actor: Actor, username: str, name: str, phone: str = "", email: str = "") -> NewUser:
    """The account itself, for verbs that have a right of their own to make one (an enterprise's invitation)."""
    user = User(
        username=User.normalize_username(username.strip()), name=name.strip(), phone=phone.strip(), email=email.strip()
    )
    password = new_password()
    user.set_password(password)
    user.full_clean(exclude=["pinyin"])
    if User.objects.filter(username__iexact=user.username).exists():
        raise ValidationError({"username": [taken()]})  # the lock-out after wrong passwords knows no case either
    user.save()
    note(actor, "create_user", user, user.username)
    return NewUser(user, password)


def taken() -> str:
    return _("This user name is taken.")


@transaction.atomic
def change_user(*, actor: Actor, user_id: int, **values: str) -> User:
    """Change name, phone or e-mail of somebody else. 404, 403, 400."""
    return _change(actor, "change_user", user_id, values, CHANGEABLE)


def change_profile(*, actor: Actor, password: str = "", **values: str) -> User:
    """Change one's own phone or e-mail; the name is the administrator's to change. A new e-mail takes the current
    password too: whoever finds an open screen must not turn the notices to themselves. 403, 400."""
    user = actor.user
    if user is not None and values.get("email", user.email).strip() != user.email:
        _prove(actor, user, password)
    return _change(actor, "change_profile", user.pk if user else 0, values, OWN_FIELDS)


def _prove(actor: Actor, user: User, password: str) -> None:
    """Outside of the transaction of the change: wrong passwords are counted and stay in the audit trail."""
    require(password=(password, _("Enter your current password to change the e-mail.")))
    key = str(user.pk)
    if wait := ratelimit.exceeded("own_password", key, limit=WRONG_PASSWORDS, seconds=WRONG_WINDOW):
        raise ValidationError({"password": [_("Too many wrong passwords. Try again in %d minutes.") % -(-wait // 60)]})
    if not user.check_password(password):
        ratelimit.hit("own_password", key, limit=WRONG_PASSWORDS, seconds=WRONG_WINDOW)
        audit.record(actor, "change_profile", "user", user.username, audit.FAILED, fields=["email"])
        raise ValidationError({"password": [_("This is not your current password.")]})


@transaction.atomic
def _change(actor: Actor, action: str, user_id: int, values: dict[str, str], allowed: frozenset[str]) -> User:
    if unknown := set(values) - allowed:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")
    user = take(User, actor, pk=user_id)
    authorise(actor, action, user)
    differences = changed(user, {key: value.strip() for key, value in values.items()})
    if differences:
        user.clean_fields(exclude=["pinyin", "password"])
        user.save(update_fields=[*differences, "pinyin"])
        # which fields, not what they hold: the trail is read by people who need no phone numbers
        note(actor, action, user, user.username, fields=sorted(differences))
    return user


@transaction.atomic
def set_password(*, actor: Actor, user_id: int) -> str:
    """A new random password, to be told to the person; all their sessions end. 404, 403."""
    user = take(User, actor, pk=user_id)
    authorise(actor, "set_password", user)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    note(actor, "set_password", user, user.username)
    return password


@transaction.atomic
def lock_user(*, actor: Actor, user_id: int, reason: str) -> User:
    """Shut the account at once: sessions, keys and posts stop counting with the next request. 404, 403, 409, 400."""
    user = take(User, actor, pk=user_id)
    authorise(actor, "lock_user", user)
    if not user.is_active:
        raise Conflict(_("This account is locked already."), state="locked")
    require(reason=(reason.strip(), _("Say why.")))
    return _switch(actor, "lock_user", user, active=False, reason=reason.strip())


@transaction.atomic
def unlock_user(*, actor: Actor, user_id: int, reason: str) -> User:
    """404, 403, 409, 400."""
    user = take(User, actor, pk=user_id)
    authorise(actor, "unlock_user", user)
    if user.is_active:
        raise Conflict(_("This account is not locked."), state="active")
    require(reason=(reason.strip(), _("Say why.")))
    return _switch(actor, "unlock_user", user, active=True, reason=reason.strip())


def _switch(actor: Actor, action: str, user: User, *, active: bool, **detail: Any) -> User:
    user.is_active = active
    user.save(update_fields=["is_active"])
    note(actor, action, user, user.username, **detail)
    return user


@transaction.atomic
def lift_lockout(*, actor: Actor, user_id: int) -> int:
    """Forget the wrong passwords of the last minutes, so that the person need not wait. 404, 403, 409."""
    user = take(User, actor, pk=user_id)
    authorise(actor, "lift_lockout", user)
    attempts = reset(username=user.username.casefold())  # as config.adapters.tried_username counts them
    if not attempts:
        raise Conflict(_("This account is not shut out."))
    note(actor, "lift_lockout", user, user.username)
    return attempts
