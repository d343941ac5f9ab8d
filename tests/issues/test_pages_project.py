"""The issues of a project, as a section of its file: what its reader sees of them, and nothing that tells who."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actors import Actor
from issues.models import Issue
from projects.models import Project
from tests.cast import LONG_AGO, District, d, monday

__all__ = ["District", "d", "monday"]
PAGE = "/app/projects/P-1/issues/"


@pytest.fixture
def project(d: District) -> Project:
    return Project.objects.create(code="P-1", name="冷链项目", enterprise=d.firm, unit=d.water, created_at=LONG_AGO)


def page(actor: Actor, path: str = PAGE) -> tuple[int, str]:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def about(d: District, project: Project | None, title: str, **more: str) -> Issue:
    issue = d.assign(d.submit(title=title, **more))
    Issue.objects.filter(pk=issue.pk).update(project=project)
    return issue


def test_it_lists_the_projects_own(d: District, project: Project) -> None:
    about(d, project, "管网压力不足")
    about(d, None, "别的事情")
    for actor in (d.coordinator, d.officer):
        code, text = page(actor)
        assert code == 200
        assert "管网压力不足" in text
        assert "别的事情" not in text


def test_an_anonymous_one_does_not_tell_whose_it_is(d: District, project: Project) -> None:
    """Units never learn the project of an anonymous issue; the control: the coordinator's side does."""
    about(d, project, "匿名反映的事", confidentiality="anonymous")
    assert "匿名反映的事" in page(d.officer, "/app/issues/?state=all")[1]
    assert "匿名反映的事" not in page(d.officer)[1]
    assert "匿名反映的事" in page(d.coordinator)[1]


def test_who_does_not_see_the_project_finds_nothing(d: District, project: Project) -> None:
    about(d, project, "管网压力不足")
    assert page(d.power_officer)[0] == 404
    assert page(d.officer)[0] == 200


def test_an_empty_one_says_so(d: District, project: Project) -> None:
    assert "暂无" in page(d.coordinator)[1]
