"""Whose unit has no more than an item of a plan sees what it needs for it, and not the rest of the file."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actors import Actor, actor_for
from accounts.roles import Role
from common import clock
from common.errors import NotVisible, PermissionDenied
from projects import policy, services
from projects.models import Enterprise, LogEntry, MonthFigure, Project, Promise
from tests.accounts import cast
from tests.projects.planning import approval, officer, project

pytestmark = pytest.mark.django_db
OPEN = ("", "stages/", "team/", "plan/")
CLOSED = ("lead/", "investment/", "promises/", "log/", "files/", "history/")


@pytest.fixture
def of() -> Project:
    made = project()
    services.log_contact(actor=officer(made), project_id=made.pk, kind="call", on=clock.today(), text="电话")
    services.add_promise(actor=officer(made), project_id=made.pk, side="enterprise", text="开工", due_on=clock.today())
    services.plan_year(actor=officer(made), project_id=made.pk, year=2026, amount=120, months={1: 10})
    return made


@pytest.fixture
def approver(of: Project) -> Actor:
    unit = cast.unit()
    approval(of, unit=unit)
    return cast.actor(Role.UNIT_OFFICER, unit)


def test_pages_of_who_has_an_item_alone(of: Project, approver: Actor, client: Client) -> None:
    for actor, refused in ((approver, 403), (officer(of), 200)):
        client.force_login(actor.user)
        for page in OPEN:
            assert client.get(f"/app/projects/{of.code}/{page}").status_code == 200, page
        for page in CLOSED:
            assert client.get(f"/app/projects/{of.code}/{page}").status_code == refused, page
    client.force_login(approver.user)
    tabs = {tab["url"].rsplit("/", 2)[1] for tab in client.get(f"/app/projects/{of.code}/").context["tabs"]}
    assert not tabs & {page.strip("/") for page in CLOSED}


def test_rows_and_acts_of_who_has_an_item_alone(of: Project, approver: Actor) -> None:
    assert Project.objects.visible_to(approver).filter(pk=of.pk).exists()
    for model in (MonthFigure, Promise, LogEntry):
        assert not model.objects.visible_to(approver).exists()
        assert model.objects.visible_to(officer(of)).exists()
    given = {"project_id": of.pk, "kind": "call", "on": clock.today(), "text": "电话"}
    with pytest.raises(PermissionDenied):
        services.log_contact(actor=approver, **given)


def test_the_interface_alike(of: Project, approver: Actor, client: Client) -> None:
    for actor, refused in ((approver, 403), (officer(of), 200)):
        client.force_login(actor.user)
        assert client.get(f"/api/v1/projects/{of.code}/plan/").status_code == 200
        for part in ("investment", "log", "promises"):
            assert client.get(f"/api/v1/projects/{of.code}/{part}/").status_code == refused, part


def test_control_without_the_difference_it_reads_all(of: Project, approver: Actor, monkeypatch) -> None:
    narrow = policy.project_scope
    monkeypatch.setattr(policy, "project_scope", lambda actor, *, whole=False: narrow(actor))
    assert MonthFigure.objects.visible_to(approver).exists()


def test_who_is_of_the_enterprise_too_reads_it_in_its_corner_alone(of: Project, client: Client) -> None:
    firm = services.create_enterprise(actor=cast.actor(Role.COORDINATOR), name="云溪新材料有限公司")
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    post = cast.post(Role.ENTERPRISE, enterprise_id=firm.pk)
    alone = actor_for(post.user)
    assert Project.objects.visible_to(alone).filter(pk=of.pk).exists()
    cast.post(Role.UNIT_OFFICER, cast.unit(), user=post.user)
    both = actor_for(post.user)
    assert not Project.objects.visible_to(both).exists()
    assert not Enterprise.objects.visible_to(both).exists()
    client.force_login(post.user)
    assert of.name in client.get("/app/corner/").content.decode()
    with pytest.raises(NotVisible):
        services.describe_project(actor=both, code=of.code, note="x")


def test_the_enterprise_reads_no_letters_between_offices(of: Project, client: Client) -> None:
    firm = services.create_enterprise(actor=cast.actor(Role.COORDINATOR), name="云溪新材料有限公司")
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    client.force_login(cast.post(Role.ENTERPRISE, enterprise_id=firm.pk).user)
    (row,) = client.get(f"/api/v1/projects/{of.code}/investment/").json()["results"]
    assert set(row) == {"month", "plan", "actual"}
    client.force_login(officer(of).user)
    (row,) = client.get(f"/api/v1/projects/{of.code}/investment/").json()["results"]
    assert {"included", "why_not", "source"} <= set(row)
