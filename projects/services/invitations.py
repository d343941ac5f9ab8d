"""Accounts of enterprises: invited by one person, confirmed by another (PRODUCT.md §1)."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, User
from accounts.roles import Role
from accounts.services._steps import authorise, take
from accounts.services.posts import open_post
from accounts.services.users import open_account, taken
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from projects.models import Enterprise, EnterpriseInvitation
from projects.services._steps import note


class NewAccount(NamedTuple):
    """The password is told to the enterprise once and kept nowhere."""

    invitation: EnterpriseInvitation
    user: User
    password: str


@transaction.atomic
def invite_enterprise(
    *, actor: Actor, enterprise_id: int, username: str, name: str, phone: str = "", email: str = ""
) -> EnterpriseInvitation:
    """Ask for an account for somebody who speaks for the enterprise. 404, 403, 409, 400."""
    enterprise = take(Enterprise, actor, pk=enterprise_id)
    authorise(actor, "invite_enterprise", enterprise)
    if actor.user is None:
        raise PermissionDenied  # two persons: the system is none
    if enterprise.merged_into_id is not None:
        raise Conflict(_("This enterprise was merged into another one."), state="merged")
    invitation = EnterpriseInvitation(
        enterprise=enterprise,
        username=User.normalize_username(username.strip()),
        name=name.strip(),
        phone=phone.strip(),
        email=email.strip(),
        invited_by=actor.user,
        invited_at=clock.now(),
    )
    _check(invitation)
    invitation.save()
    note(actor, "invite_enterprise", enterprise, enterprise.pk, username=invitation.username)
    return invitation


def _check(invitation: EnterpriseInvitation) -> None:
    # what the account itself will ask for is asked now, not of the one who confirms
    User(username=invitation.username, name=invitation.name).clean_fields(exclude=["password", "pinyin", "email"])
    invitation.clean_fields(exclude=["confirmed_by", "confirmed_at", "withdrawn_at", "post"])
    if EnterpriseInvitation.objects.open().filter(username__iexact=invitation.username).exists():
        raise ValidationError({"username": [_("Somebody is invited under this user name already.")]})
    if User.objects.filter(username__iexact=invitation.username).exists():
        raise ValidationError({"username": [taken()]})


@transaction.atomic
def confirm_invitation(*, actor: Actor, invitation_id: int) -> NewAccount:
    """The second person, who has checked whom it is for: the account is made. 404, 403 for who invited, 409, 400."""
    invitation = take(EnterpriseInvitation, actor, pk=invitation_id)
    authorise(actor, "confirm_invitation", invitation)
    if actor.user is None:
        raise PermissionDenied
    _still_open(invitation)
    new = open_account(
        actor=actor,
        username=invitation.username,
        name=invitation.name,
        phone=invitation.phone,
        email=invitation.email,
    )
    post = Post(
        user=new.user,
        role=Role.ENTERPRISE,
        enterprise_id=invitation.enterprise_id,
        starts_at=clock.now(),
    )
    invitation.post = open_post(actor=actor, post=post)
    invitation.confirmed_by, invitation.confirmed_at = actor.user, clock.now()
    invitation.save(update_fields=["post", "confirmed_by", "confirmed_at"])
    note(actor, "confirm_invitation", invitation, invitation.pk, username=invitation.username)
    return NewAccount(invitation, new.user, new.password)


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation_id: int) -> EnterpriseInvitation:
    """404, 403, 409."""
    invitation = take(EnterpriseInvitation, actor, pk=invitation_id)
    authorise(actor, "withdraw_invitation", invitation)
    _still_open(invitation)
    invitation.withdrawn_at = clock.now()
    invitation.save(update_fields=["withdrawn_at"])
    note(actor, "withdraw_invitation", invitation, invitation.pk, username=invitation.username)
    return invitation


def _still_open(invitation: EnterpriseInvitation) -> None:
    if invitation.confirmed_at is not None:
        raise Conflict(_("This invitation is confirmed already."), state="confirmed")
    if invitation.withdrawn_at is not None:
        raise Conflict(_("This invitation was withdrawn."), state="withdrawn")
