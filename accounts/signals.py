"""Sign-in, sign-out and failed sign-in go into the audit trail from signals: they happen inside the libraries, where no
verb of ours stands. The one exception to "a service writes"."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts import audit
from accounts.actors import Actor
from accounts.models import User
from common.http import client_address, request_id


def signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    audit.record(_actor(request, user), "sign_in", "user", user.username)


def signed_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(_actor(request, user), "sign_out", "user", user.username)


def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A name that is nobody's is not kept: it may be a password typed into the wrong box."""
    user = User.objects.filter(username=str(credentials.get("username", ""))[:150]).first()
    name = user.username if user else ""
    audit.record(_actor(request, None), "sign_in", "user", name, audit.FAILED)


def own_password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record(_actor(request, user), "change_password", "user", user.username)


def _actor(request: HttpRequest | None, user: User | None) -> Actor:
    if request is None:
        return Actor(user=user)
    return Actor(user=user, address=client_address(request), request_id=request_id(request))


def connect() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="audit_sign_in")
    user_logged_out.connect(signed_out, dispatch_uid="audit_sign_out")
    password_changed.connect(own_password_changed, dispatch_uid="audit_change_password")
    user_login_failed.connect(sign_in_failed, dispatch_uid="audit_sign_in_failed")
