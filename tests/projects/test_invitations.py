"""Accounts of enterprises take two persons: in the verbs and in the database."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import AuditEntry, User
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects.models import Enterprise, EnterpriseInvitation
from projects.services import confirm_invitation, create_enterprise, invite_enterprise, withdraw_invitation
from tests.accounts import cast


@pytest.fixture
def firm(db: None) -> Enterprise:
    return create_enterprise(actor=SYSTEM, name="禾曦食品")


def invite(actor: Actor, firm: Enterprise, username: str = "hexi") -> EnterpriseInvitation:
    return invite_enterprise(actor=actor, enterprise_id=firm.pk, username=username, name="王芳")


def test_two_persons_make_an_account(coordinator: Actor, security_admin: Actor, firm: Enterprise) -> None:
    invitation = invite(coordinator, firm)
    assert not User.objects.filter(username="hexi").exists()
    new = confirm_invitation(actor=security_admin, invitation_id=invitation.pk)
    assert new.user.check_password(new.password)
    actor = actor_for(new.user)
    assert actor.roles == {Role.ENTERPRISE}
    assert actor.enterprise_ids == [firm.pk]
    acts = set(AuditEntry.objects.filter(user__isnull=False).values_list("act", flat=True))
    assert acts >= {"invite_enterprise", "confirm_invitation", "create_user", "create_post"}
    with pytest.raises(Conflict):
        confirm_invitation(actor=security_admin, invitation_id=invitation.pk)
    with pytest.raises(Conflict):
        withdraw_invitation(actor=coordinator, invitation_id=invitation.pk)


def test_who_invited_does_not_confirm(coordinator: Actor, firm: Enterprise) -> None:
    invitation = invite(coordinator, firm)
    with pytest.raises(PermissionDenied):
        confirm_invitation(actor=coordinator, invitation_id=invitation.pk)
    assert confirm_invitation(actor=cast.actor(Role.COORDINATOR), invitation_id=invitation.pk).password


def confirm_alone(invitation: EnterpriseInvitation) -> None:
    post = cast.post(Role.ENTERPRISE, enterprise_id=invitation.enterprise_id)
    EnterpriseInvitation.objects.filter(pk=invitation.pk).update(
        confirmed_by=invitation.invited_by, confirmed_at=clock.now(), post=post
    )


def test_the_database_asks_for_two_persons_too(coordinator: Actor, firm: Enterprise) -> None:
    with pytest.raises(IntegrityError, match="invitation_takes_two_persons"):
        confirm_alone(invite(coordinator, firm))


def test_control_without_the_check_one_is_enough(coordinator: Actor, firm: Enterprise) -> None:
    invitation = invite(coordinator, firm)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE projects_enterpriseinvitation DROP CONSTRAINT invitation_takes_two_persons")
    confirm_alone(invitation)
    invitation.refresh_from_db()
    assert invitation.confirmed_by == invitation.invited_by


def test_a_specialist_invites_those_in_their_care(firm: Enterprise) -> None:
    specialist = cast.post(Role.SPECIALIST, cast.unit())
    served = create_enterprise(actor=SYSTEM, name="云岫生物", specialist=specialist)
    actor = actor_for(specialist.user)
    with pytest.raises(NotVisible):
        invite(actor, firm)
    invitation = invite(actor, served)
    with pytest.raises(PermissionDenied):
        confirm_invitation(actor=actor, invitation_id=invitation.pk)
    withdraw_invitation(actor=actor, invitation_id=invitation.pk)
    with pytest.raises(Conflict):
        confirm_invitation(actor=cast.actor(Role.COORDINATOR), invitation_id=invitation.pk)


def test_nobody_else(officer: Actor, coordinator: Actor, firm: Enterprise) -> None:
    invitation = invite(coordinator, firm)
    with pytest.raises(NotVisible):
        invite(officer, firm, "other")
    with pytest.raises(NotVisible):
        confirm_invitation(actor=officer, invitation_id=invitation.pk)
    with pytest.raises(PermissionDenied):
        invite(cast.actor(Role.CHIEF), firm, "other")
    with pytest.raises(PermissionDenied):
        invite(SYSTEM, firm, "other")  # the system is no second person, nor a first one


@pytest.mark.parametrize("username", ["", "two words", "taken", "TAKEN", "waiting", "x" * 151])
def test_what_the_account_will_ask_is_asked_now(coordinator: Actor, firm: Enterprise, username: str) -> None:
    User.objects.create(username="taken", name="甲")
    invite(coordinator, firm, "waiting")
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        invite(coordinator, firm, username)
    assert "username" in caught.value.message_dict


def test_the_pages_work(client: Client, coordinator: Actor, firm: Enterprise) -> None:
    client.force_login(coordinator.user)
    fields = {"username": "hexi", "name": "王芳", "phone": "", "email": ""}
    assert client.post(f"/app/enterprises/{firm.pk}/invite/", fields).url == "/app/invitations/"
    row = client.get("/app/invitations/").context["rows"][0]
    assert (row["confirm"], row["withdraw"]) == (False, True)
    pk = row["id"]
    assert client.post(f"/app/invitations/{pk}/confirm/").status_code == 403
    second = cast.actor(Role.COORDINATOR)
    client.force_login(second.user)
    answer = client.post(f"/app/invitations/{pk}/confirm/")
    assert "no-store" in answer.headers["Cache-Control"]
    password = re.search(r"<code>(\w{16})</code>", answer.content.decode())
    assert User.objects.get(username="hexi").check_password(password[1])
    assert client.post(f"/app/invitations/{pk}/withdraw/").status_code == 409
    assert client.get("/app/invitations/").context["rows"] == []
    assert len(client.get("/app/invitations/", {"show": "all"}).context["rows"]) == 1
    client.force_login(cast.actor(Role.UNIT_HEAD).user)
    assert client.get("/app/invitations/").status_code == 403
