"""Keys for other programs: shown once, stored as SHA-256 only. They hold 256 random bits, so a plain hash is enough."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import ApiToken, User
from accounts.services._steps import authorise, note, take
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError

PREFIX = "bh_"
USED_EVERY = timedelta(minutes=1)
MOST = 20


class NewToken(NamedTuple):
    token: ApiToken
    key: str


@transaction.atomic
def create_token(
    *, actor: Actor, user: User | None = None, name: str = "", scope: str = ApiToken.Scope.WRITE
) -> NewToken:
    """A new key of one's own (``user`` is for the system alone). 403, 400."""
    owner = user if actor.system else actor.user
    if owner is None or (user is not None and user.pk != owner.pk):
        raise PermissionDenied
    authorise(actor, "create_token", ApiToken)
    if not actor.system and ApiToken.objects.usable().filter(user=owner).count() >= MOST:
        raise ValidationError({"name": [_("Revoke a key first: %(most)d are enough.") % {"most": MOST}]})
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=owner, name=name.strip(), key_hash=hash_of(key), hint=key[-4:], scope=scope, created_at=clock.now()
    )
    token.full_clean(exclude=["user", "key_hash"])
    token.save()
    note(actor, "create_token", token, token.pk, user=owner.username, scope=scope, name=token.name)
    return NewToken(token, key)


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int) -> ApiToken:
    """404, 403, 409."""
    token = take(ApiToken, actor, pk=token_id)
    authorise(actor, "revoke_token", token)
    if token.revoked_at is not None:
        raise Conflict(_("This key is revoked already."), state="revoked")
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    note(actor, "revoke_token", token, token.pk, user=token.user.username)
    return token


def authenticate_token(key: str) -> tuple[User, ApiToken] | None:
    """Whose key it is, if it still holds. Its last use is noted, at most once a minute."""
    token = ApiToken.objects.usable().select_related("user").filter(key_hash=hash_of(key), user__is_active=True).first()
    if token is None:
        return None
    now = clock.now()
    if token.last_used_at is None or token.last_used_at <= now - USED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token.user, token


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
