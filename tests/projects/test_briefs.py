"""招商专报 as a paper: made once by the worker, for the leaders; it says what was evaluated and nobody's telephone."""

from __future__ import annotations

from importlib import import_module

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import Post
from accounts.roles import Role
from common import bootstrap, clock
from documents import sandbox, storage
from documents.models import Document
from projects import papers, services, tasks
from projects.models import Lead
from projects.services.briefs import paper_of
from projects.states import Criterion
from tests.accounts import cast
from tests.documents import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(coordinator: Actor, settings, tmp_path, monkeypatch) -> Lead:
    """Evaluated, not yet briefed. The press works in this process: a child takes a second longer."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(sandbox, "run", lambda module, payload, limits: import_module(module).work(payload))
    bootstrap.run()
    made = services.register_lead(
        actor=coordinator, code="L-1", name="堃源新材料项目", contact_name="顾工", contact_phone="13912345678",
        total_investment=120000,
    )  # fmt: skip
    scores = {one: (7, f"理由{one.value}") for one in Criterion}
    services.evaluate(actor=coordinator, code="L-1", scores=scores, favourable=True, opinion="建议跟进")
    return made


def test_it_is_made_once_for_the_leaders(coordinator: Actor, lead: Lead) -> None:
    leader, other = cast.actor(Role.LEADER), cast.actor(Role.LEADER)
    services.name_manager(actor=coordinator, code="L-1", post=leader.posts[0])
    tasks.papers()
    assert Document.objects.count() == 0  # nothing is out yet
    services.issue_brief(actor=coordinator, code="L-1")
    tasks.papers()
    assert services.print_briefs(now=clock.now()) == 0
    paper = Document.objects.get()
    assert (paper.kind, paper_of(lead)) == (Document.Kind.BRIEF, paper)
    for reader in (leader, cast.actor(Role.CHIEF), coordinator):
        assert Document.objects.visible_to(reader).get() == paper
    # Another line's leader does not see the project, and so not what stands in its brief.
    for stranger in (other, cast.actor(Role.UNIT_OFFICER)):
        assert not Document.objects.visible_to(stranger).exists()
    said = "".join(pdf.text(storage.full(paper.path).read_bytes()).split())
    for words in ("招商专报", "堃源新材料项目", "12亿元", "49／70", "理由cost", "建议跟进", "承接园区待定"):
        assert words in said, words
    assert "13912345678" not in said
    assert "顾工" not in said


def test_a_paper_that_fails_does_not_hold_up_the_others(coordinator: Actor, lead: Lead, monkeypatch) -> None:
    services.register_lead(actor=coordinator, code="L-2", name="第二个")
    scores = dict.fromkeys(Criterion, (7, "理由"))
    services.evaluate(actor=coordinator, code="L-2", scores=scores, favourable=True, opinion="建议跟进")
    for code in ("L-1", "L-2"):
        services.issue_brief(actor=coordinator, code=code)
    real = papers.brief

    def breaks(one: Lead) -> dict:
        if one.pk == lead.pk:
            raise ValueError("broken")
        return real(one)

    monkeypatch.setattr(papers, "brief", breaks)
    with pytest.raises(ValueError, match="broken"):
        services.print_briefs(now=clock.now())
    assert Document.objects.count() == 1
    monkeypatch.setattr(papers, "brief", real)
    assert services.print_briefs(now=clock.now()) == 1


def test_the_lead_leads_to_its_paper_for_who_may_read_it(client, coordinator: Actor, lead: Lead) -> None:
    services.issue_brief(actor=coordinator, code="L-1")
    tasks.papers()
    client.force_login(coordinator.user)
    url = f"/app/documents/{Document.objects.get().pk}/"
    assert url in client.get("/app/projects/L-1/lead/").content.decode()
    specialist = actor_for(cast.post(Role.SPECIALIST, cast.unit()).user)
    services.name_member(actor=coordinator, code="L-1", post=Post.objects.get(user=specialist.user), duty="specialist")
    client.force_login(specialist.user)
    page = client.get("/app/projects/L-1/lead/")
    assert page.status_code == 200
    assert url not in page.content.decode()
