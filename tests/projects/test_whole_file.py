"""Whose unit has no more than an item of a plan sees what it needs for it, and not the rest of the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.roles import Role
from common import clock
from common.errors import NotVisible, PermissionDenied
from documents.models import Attachment
from projects import files, planrows, policy, services
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


def test_lists_tell_no_money_and_no_lead(of: Project, approver: Actor, client: Client) -> None:
    """The band of figures, the wall's growth, the leads: none of them knows more than the file's own pages."""
    services.record_first_talk(actor=SYSTEM, code=of.code, owner=officer(of).posts[0], text="x")
    Project.objects.filter(pk=of.pk).update(level="city", total_investment=500)
    last = clock.today().replace(day=1) - timedelta(days=1)
    for month in (last.replace(day=1), (last.replace(day=1) - timedelta(days=1)).replace(day=1)):
        MonthFigure.objects.update_or_create(project=of, month=month, defaults={"actual": 7})
    for actor, leads, growth in ((approver, 0, "—"), (officer(of), 1, "0.0 %")):
        client.force_login(actor.user)
        band = client.get("/app/projects/").context["figures"][-1]
        assert (band["lines"] == []) == (leads == 0)
        assert len(client.get("/app/leads/").context["rows"]) == leads
        (row,) = client.get("/app/wall/?view=levels").context["rows"]
        assert row["cells"][2]["value"] == growth
        told = client.get(f"/api/v1/projects/{of.code}/").json()
        assert ("note" in told) == (leads == 1)
        (listed,) = client.get("/api/v1/projects/").json()["results"]
        assert ("note" in listed) == (leads == 1)


def test_evidence_of_anothers_item_is_not_read(of: Project, approver: Actor, client: Client) -> None:
    theirs, mine = approval(of), of.plan.get(unit=approver.posts[0].unit)
    for one in (theirs, mine):
        services.start_item(actor=SYSTEM, item_id=one.pk)
        services.finish_item(actor=SYSTEM, item_id=one.pk, file=SimpleUploadedFile("批文.txt", "准予".encode()))
    found = {row["pk"]: row["files"] for row in planrows.rows(approver, planrows.items_of(of))}
    assert (len(found[theirs.pk]), len(found[mine.pk])) == (0, 1)
    client.force_login(approver.user)
    for one, code in ((theirs, 404), (mine, 200)):
        file = Attachment.objects.get(subject_kind="plan_item", subject_id=one.pk)
        assert client.get(reverse("documents:attachment", args=[file.pk, file.name])).status_code == code
    assert not files.may_read(approver, theirs.pk, Attachment())
    assert files.may_read(approver, mine.pk, Attachment())


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
    chosen = actor_for(post.user, post_id=next(one.pk for one in both.posts if one.role == Role.UNIT_OFFICER))
    assert {one.role for one in chosen.posts} == {Role.UNIT_OFFICER}  # acting as staff alone sheds no conflict
    assert not Project.objects.visible_to(chosen).exists()
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
