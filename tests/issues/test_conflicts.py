"""Nobody judges the own unit or what they proposed themselves, and no unit speaks for the submitter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import conflicts
from accounts.actors import Actor, actor_for
from accounts.models import Post, User
from accounts.roles import Role
from common import clock
from common.errors import PermissionDenied, ValidationError
from issues import policy, services
from issues.models import Issue
from issues.services import codes, tracking_code
from projects.models import Enterprise, Project
from tests.cast import LONG_AGO
from tests.issues.pages import browser


def also(actor: Actor, role: str, unit=None, **fields) -> Actor:
    Post.objects.create(user=actor.user, role=role, unit=unit, starts_at=LONG_AGO, **fields)
    return actor_for(actor.user)


@pytest.fixture
def station(d):
    """水务站, below 区水务局."""
    unit = d.unit("SWZ", "水务站", "department", responsible=True)
    unit.parent, unit.path = d.water, [d.water.pk, unit.pk]
    unit.save()
    return unit


def proposed(d, unit: str = "SWZ", by: Actor | None = None) -> Issue:
    issue = d.do("sign", d.assign(d.submit(), unit=unit), by or d.head)
    return d.do("propose", issue, by or d.head, outcome="partly", account="已修复")


# --- whose unit it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["verify", "send_back"])
def test_who_heads_the_unit_above_judges_nothing_below(d, station, action):
    both = also(d.coordinator, Role.UNIT_HEAD, d.water)
    issue = proposed(d)
    assert policy.right(both, action, issue) is None
    other = d.person("other", Role.COORDINATOR, d.desk_unit)
    assert policy.right(other, action, issue)  # the control: another coordinator does


def test_choosing_the_coordinators_post_sheds_no_conflict(d, station):
    both = also(d.coordinator, Role.UNIT_HEAD, d.water)
    chosen = next(post for post in both.posts if post.role == Role.COORDINATOR)
    assert policy.right(actor_for(both.user, post_id=chosen.pk), "verify", proposed(d)) is None


def test_a_coordinators_post_in_the_unit_above_is_no_conflict(d, station):
    above = d.person("above", Role.COORDINATOR, d.water)
    assert not conflicts.conflicted(above, station.pk)
    assert conflicts.conflicted(above, d.water.pk)
    assert policy.right(above, "verify", proposed(d))
    assert not conflicts.conflicted(above, None)


def test_where_all_coordinators_head_the_unit_the_supervisor_judges(d, station):
    issue = proposed(d)
    assert policy.right(d.supervisor, "verify", Issue.objects.get(pk=issue.pk)) is None
    also(d.coordinator, Role.UNIT_HEAD, d.water)
    assert policy.right(d.supervisor, "verify", Issue.objects.get(pk=issue.pk))


def test_the_heads_of_the_unit_above_grant_nothing_below(d, station):
    both = also(d.coordinator, Role.UNIT_OFFICER, d.water)
    issue = d.do("sign", d.assign(d.submit(), unit="SWZ"), d.head)
    issue = d.do("extend", issue, d.head, days=3, reason="需要")
    with pytest.raises(PermissionDenied):
        d.do("grant", issue, both)
    other = d.person("other", Role.COORDINATOR, d.desk_unit)
    assert d.do("grant", issue, other).extensions == 1


def test_who_proposed_does_not_verify_whatever_post_they_hold_by_then(d):
    issue = d.proposed()
    Post.objects.filter(user=d.officer.user).update(ends_at=clock.now() - timedelta(minutes=1))
    moved = also(d.officer, Role.COORDINATOR, d.desk_unit)
    with pytest.raises(PermissionDenied) as told:
        d.do("verify", issue, moved, text="我自己核的")
    assert "本人申报" in str(told.value)
    assert d.do("verify", issue, d.coordinator, text="电话核实").state == "rating"


# --- the submitter's word --------------------------------------------------------------------------------------------


def rating(d) -> Issue:
    return d.do("verify", d.proposed(), d.coordinator, text="电话核实")


def test_who_works_on_it_opens_no_rating_link(d):
    issue = rating(d)
    link = codes.rating_link_of(issue.number, issue.round)
    given = {"solved": "yes", "satisfaction": "5", "text": ""}
    for actor in (d.officer, d.head, d.leader, d.office):
        assert browser(actor).get(link).status_code == 403, actor.user
        assert browser(actor).post(link, given).status_code == 403
    issue.refresh_from_db()
    assert issue.state == "rating"
    assert browser(d.city_officer).post(link, given).status_code == 302  # who has nothing to do with it is a submitter
    issue.refresh_from_db()
    assert issue.state == "closed"


def test_who_works_on_it_neither_withdraws_nor_reopens_by_code(d):
    issue = d.signed()
    for actor, allowed in ((d.officer, False), (d.city_officer, True)):
        held = Actor(user=actor.user, submitter_of=issue.pk)
        assert (policy.right(held, "withdraw", issue) is not None) is allowed
        assert (policy.right(held, "reopen", issue) is not None) is allowed
        assert policy.right(held, "supplement", issue)
    with pytest.raises(PermissionDenied):
        d.do("withdraw", issue, Actor(user=d.officer.user, submitter_of=issue.pk), reason="不办了")


def test_a_unit_that_had_it_before_does_not_speak_for_the_submitter(d):
    issue = d.signed()
    held = Actor(user=d.city_officer.user, submitter_of=issue.pk)
    assert policy.right(held, "withdraw", issue)
    issue = d.do("reassign", issue, d.coordinator, unit="CGJ", reason="属城管")
    gone = Actor(user=d.officer.user, submitter_of=issue.pk)
    for actor in (held, gone):
        assert policy.right(actor, "withdraw", Issue.objects.get(pk=issue.pk)) is None


def test_the_page_of_the_code_answers_403(d):
    issue = d.signed()
    client = browser(d.officer)
    opened = client.post(reverse("public:track"), {"number": issue.number, "code": tracking_code(issue)})
    assert opened.status_code == 302
    path = reverse("public:act", args=[issue.number, "withdraw"])
    assert client.get(path).status_code == 403
    assert client.post(path, {"reason": "不办了"}).status_code == 403


@pytest.mark.parametrize(
    "written",
    ["13911112222", "+86 139-1111-2222", "008613911112222", "86 13911112222", "0139 1111 2222", "(139)11112222"],
)
def test_a_members_phone_is_refused_however_it_is_written(d, written):
    User.objects.filter(username="unit_officer").update(phone="+86-139 1111 2222")
    with pytest.raises(ValidationError) as told:
        d.submit(actor=d.specialist, channel="visit", contact={"name": "顾工", "phone": written})
    assert list(told.value.message_dict) == ["contact.phone"]
    assert d.submit(actor=d.specialist, channel="visit", contact={"name": "顾工", "phone": "13911112223"})


@pytest.mark.parametrize("mail", ["unit_head@example.test", "Unit_Head@Example.TEST"])
def test_a_members_mail_is_refused(d, mail):
    contact = {"name": "顾工", "phone": "13800000001", "email": mail}
    with pytest.raises(ValidationError) as told:
        d.submit(actor=d.officer, channel="visit", contact=contact)
    assert list(told.value.message_dict) == ["contact.email"]
    assert d.submit(actor=d.officer, channel="visit", contact=contact | {"email": "enterprise@example.test"})


# --- what filing opens -----------------------------------------------------------------------------------------------


@pytest.fixture
def strange(d):
    """An enterprise and its project with which 区水务局 has nothing to do."""
    return Enterprise.objects.create(
        name="远桥机械", pinyin="yqjx", uscc="91500000MA5U7XX02B", created_at=LONG_AGO, contact_phone="02361230000"
    )


def test_filing_opens_no_enterprises_file(d, strange):
    """The same answer as for a code that nobody has; and confirmed later, it opens the file no more."""
    known = d.submit(actor=d.officer, channel="visit", enterprise=strange.uscc)
    unknown = d.submit(actor=d.officer, channel="visit", enterprise="91500000MA5U7XX99Z")
    assert known.enterprise is None
    assert unknown.enterprise is None
    assert known.body.enterprise_claim == strange.uscc
    assert not Enterprise.objects.visible_to(d.officer).filter(pk=strange.pk).exists()

    services.identify(issue_id=known.pk, actor=d.coordinator, enterprise=strange)
    assert not Enterprise.objects.visible_to(actor_for(d.officer.user)).filter(pk=strange.pk).exists()
    d.assign(Issue.objects.get(pk=known.pk))
    assert Enterprise.objects.visible_to(actor_for(d.officer.user)).filter(pk=strange.pk).exists()  # now at work on it


def test_who_sees_the_enterprise_still_links_it(d, strange):
    assert d.submit(actor=d.coordinator, channel="visit", enterprise=strange.uscc).enterprise == strange
    assert d.submit(actor=d.specialist, channel="visit", enterprise=d.firm.uscc).enterprise == d.firm
    assert d.submit(actor=d.specialist, channel="visit", enterprise=strange.uscc).enterprise is None


def test_filing_opens_no_project(d, strange):
    work = project_of(d, strange)
    issue = d.submit(actor=d.officer, channel="visit", project=work.code)
    assert (issue.project, issue.enterprise, issue.body.project_claim) == (None, None, work.code)
    linked = d.submit(actor=d.coordinator, channel="visit", project=work.code)
    assert (linked.project, linked.enterprise) == (work, strange)


def project_of(d, firm) -> Project:
    return Project.objects.create(code="ZD-0001", name="精密加工", enterprise=firm, created_at=LONG_AGO)
