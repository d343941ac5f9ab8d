"""The pages: who sees what of a month, and that every figure opens into its cases."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Group, Role
from assessments import services
from assessments.models import FrozenCase, Result, Run
from common import clock
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db
DEPARTMENTS = Group.DEPARTMENTS.value


@pytest.fixture
def july():
    with clock.at(t("07-02 10:00")):
        yield


@pytest.fixture
def cast(july):
    """Four units, the last with a red card, in a draft of June."""
    units = [f.unit(name) for name in ("区市场监管局", "区经信局", "区城管局", "区水务局")]
    for unit, done, late in zip(units, (6, 9, 8, 5), (0, 1, 2, 4), strict=True):
        f.good(unit, done)
        f.late(unit, late)
        f.rating(unit, "06-05", "yes", 4)
    f.clock(units[0], "07-05", "06-30")
    f.pause(f.clock(units[3], "06-20"), "06-10")
    f.event(f.issue(units[3]), "send_back", "06-12")
    run = services.assess(month=MONTH, now=NOW)
    return {"run": run, "units": units, "good": units[0], "last": units[3]}


def client(actor) -> Client:
    browser = Client()
    browser.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def why(unit, **query) -> str:
    return reverse("assessments:why", args=[MONTH, unit.code, DEPARTMENTS], query=query)


def get(actor, path: str, status: int = 200) -> str:
    answer = client(actor).get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content).decode()


def test_the_coordinator_sees_the_whole_draft(cast):
    coordinator = f.person(Role.COORDINATOR, f.unit())
    page = get(coordinator, reverse("assessments:month", args=[MONTH]))
    for unit in cast["units"]:
        assert unit.name in page
        assert why(unit) in page
    assert "2026-06" in get(coordinator, reverse("assessments:months"))


def test_a_unit_sees_its_own_row_of_a_draft_and_nothing_of_the_others(cast):
    head = f.person(Role.UNIT_HEAD, cast["last"])
    page = get(head, reverse("assessments:month", args=[MONTH]))
    assert "区水务局" in page
    assert "区市场监管局" not in page
    assert "区市场监管局" not in get(head, why(cast["last"]))
    get(head, why(cast["good"]), 404)
    get(head, reverse("assessments:cases", args=[MONTH, cast["good"].code, DEPARTMENTS]), 404)


def test_who_has_no_part_in_a_draft_finds_no_month(cast):
    leader = f.person(Role.LEADER, f.unit())
    get(leader, reverse("assessments:month", args=[MONTH]), 404)
    assert MONTH not in get(leader, reverse("assessments:months"))


def test_outsiders_are_led_elsewhere(cast):
    assert Client().get(reverse("assessments:months")).status_code == 302
    assert client(f.person(Role.OBSERVER)).get(reverse("assessments:months")).status_code in (302, 403)


def test_why_this_score(cast):
    row = Result.objects.get(run=cast["run"], unit=cast["last"])
    assert row.red_card
    page = get(f.person(Role.UNIT_HEAD, cast["last"]), why(cast["last"]))
    # Two indicators have cases: closed on time (30) and solved (20), satisfaction (25).
    for code in ("closed_on_time", "solved_rate", "satisfaction", "sent_back"):
        assert f"indicator={code}" in page
    assert "5 ÷ 9" in page
    assert "redcard" in page
    late = FrozenCase.objects.hurting().filter(run=cast["run"], unit=cast["last"], indicator="completion").first()
    assert late.ref in page


def test_every_figure_opens_into_its_cases(cast):
    coordinator = f.person(Role.COORDINATOR, f.unit())
    path = reverse("assessments:cases", args=[MONTH, cast["last"].code, DEPARTMENTS])
    for indicator, number in (("closed_on_time", 9), ("solved_rate", 1), ("sent_back", 1), ("completion", 10)):
        rows = FrozenCase.objects.filter(run=cast["run"], unit=cast["last"], indicator=indicator)
        page = get(coordinator, f"{path}?indicator={indicator}")
        assert rows.count() == number
        assert all(ref in page for ref in rows.values_list("ref", flat=True))
    assert "厂区供水压力不足" in get(coordinator, path)


def test_cases_go_on_beyond_one_page(cast):
    coordinator = f.person(Role.COORDINATOR, f.unit())
    busy = f.unit()
    for _ in range(6):
        f.good(busy, 10)
    services.assess(month=MONTH, now=NOW)
    path = reverse("assessments:cases", args=[MONTH, busy.code, DEPARTMENTS], query={"indicator": "completion"})
    answer = client(coordinator).get(path)
    assert len(answer.context["rows"]) == 50
    following = client(coordinator).get(answer.context["pager"]["next"])
    assert len(following.context["rows"]) == 10
    assert not {r["ref"] for r in answer.context["rows"]} & {r["ref"] for r in following.context["rows"]}


def test_titles_only_for_who_may_open_the_case(cast):
    """A published figure is everybody's, its cases are not."""
    publish(cast)
    stranger = f.person(Role.UNIT_HEAD, cast["good"])
    path = reverse("assessments:cases", args=[MONTH, cast["last"].code, DEPARTMENTS], query={"indicator": "completion"})
    answer = client(stranger).get(path)
    assert answer.context["rows"] == []
    assert "10" in answer.context["summary"]
    page = get(stranger, why(cast["last"]))
    assert "厂区供水压力不足" not in page
    assert "区水务局" in page
    # A complaint about conduct is a number even to the coordinator.
    f.Issue.objects.update(kind="complaint")
    page = get(f.person(Role.COORDINATOR, f.unit()), path)
    assert "厂区供水压力不足" not in page


def publish(cast):
    with clock.at(t("07-07 09:00")):
        now = clock.now()
        run = cast["run"]
        services.propose_publication(
            run_id=run.pk, actor=f.person(Role.COORDINATOR, f.unit()), data_sha256=run.data_sha256, now=now
        )
        services.publish(run_id=run.pk, actor=f.person(Role.SUPERVISOR, f.unit()), data_sha256=run.data_sha256, now=now)


def test_a_published_month_is_there_for_all_staff_and_its_ranking_for_everybody(cast):
    assert "区水务局" not in Client().get(reverse("assessments:rankings")).content.decode()
    assert Client().get(reverse("assessments:ranking", args=[MONTH])).status_code == 404
    publish(cast)
    leader = f.person(Role.LEADER, f.unit())
    page = get(leader, reverse("assessments:month", args=[MONTH]))
    assert all(unit.name in page for unit in cast["units"])
    get(leader, why(cast["last"]))
    public = Client().get(reverse("assessments:ranking", args=[MONTH]))
    text = public.content.decode()
    assert all(unit.name in text for unit in cast["units"])
    assert "WT2026" not in text
    assert "红牌" not in text


def test_csv_of_the_cases(cast):
    coordinator = f.person(Role.COORDINATOR, f.unit())
    f.Issue.objects.update(title='=HYPERLINK("http://example.test")')
    path = reverse("assessments:cases_csv", args=[MONTH, cast["last"].code, DEPARTMENTS])
    lines = get(coordinator, path).splitlines()
    assert len(lines) == 1 + FrozenCase.objects.filter(run=cast["run"], unit=cast["last"]).count()
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    from accounts.models import AuditEntry

    assert AuditEntry.objects.filter(act="export").exists()


def test_the_rehearsal_is_the_units_own(july):
    mine, other = f.unit("区水务局"), f.unit("区经信局")
    f.good(mine, 5)
    f.good(other, 5)
    with clock.at(t("06-20 06:00")):
        f.clock(mine, "06-26")
        services.rehearse(month=MONTH, now=clock.now())
    head = f.person(Role.UNIT_HEAD, mine)
    page = get(head, reverse("assessments:rehearsal", args=[MONTH]))
    assert "区水务局" in page
    assert "区经信局" not in page
    page = get(head, why(mine, version=0))
    assert "2026" in page
    get(head, why(other, version=0), 404)
    get(head, reverse("assessments:month", args=[MONTH]), 404)


def test_a_month_is_a_month(cast):
    coordinator = f.person(Role.COORDINATOR, f.unit())
    for path in ("/app/assessments/2026-13/", "/app/assessments/abc/", "/rankings/2026-00/"):
        assert client(coordinator).get(path).status_code == 404
    get(coordinator, reverse("assessments:month", args=["2026-05"]), 404)
    get(coordinator, reverse("assessments:month", args=[MONTH]) + "?version=9", 404)
    get(coordinator, reverse("assessments:month", args=[MONTH]) + "?version=x", 404)


class TestForms:
    def test_contest_rule_propose_publish_repair(self, cast):
        officer = f.person(Role.UNIT_OFFICER, cast["last"])
        coordinator = f.person(Role.COORDINATOR, f.unit())
        supervisor = f.person(Role.SUPERVISOR, f.unit())
        case = FrozenCase.objects.hurting().filter(unit=cast["last"], indicator="completion").first()
        path = reverse("assessments:contest", args=[case.pk])
        assert case.ref in get(officer, path)
        get(coordinator, path, 403)
        get(f.person(Role.UNIT_HEAD, cast["good"]), path, 404)
        assert client(officer).post(path, {"text": ""}).status_code == 422
        assert client(officer).post(path, {"text": "企业 6 月 8 日已书面确认"}).status_code == 302
        again = client(officer).post(path, {"text": "再说一次"})
        assert again.status_code == 409
        assert "再说一次" in again.content.decode()
        contest = cast["run"].contests.get()
        rule = reverse("assessments:rule_contest", args=[contest.pk])
        assert rule in get(coordinator, reverse("assessments:month", args=[MONTH]))
        get(officer, rule, 403)
        assert client(coordinator).post(rule, {"accept": "yes", "text": "属实"}).status_code == 302
        month = reverse("assessments:month", args=[MONTH])
        propose, publish = (reverse(f"assessments:{v}", args=[MONTH]) for v in ("propose_publication", "publish"))
        assert propose not in get(coordinator, month)
        with clock.at(t("07-07 09:00")):
            assert propose in get(coordinator, month)
            digest = Run.objects.get(pk=cast["run"].pk).data_sha256
            get(officer, propose, 403)
            assert client(coordinator).post(propose, {"data_sha256": cast["run"].data_sha256}).status_code == 409
            assert client(coordinator).post(propose, {"data_sha256": digest}).status_code == 302
            get(coordinator, publish, 403)
            assert publish in get(supervisor, month)
            assert client(supervisor).post(publish, {"data_sha256": digest}).status_code == 302
            card = cast["run"].cards.get(unit=cast["last"])
            repair = reverse("assessments:repair_card", args=[card.pk])
            assert repair in get(coordinator, why(cast["last"]))
            assert client(coordinator).post(repair, {"note": "四件已办结"}).status_code == 302
            page = get(coordinator, why(cast["last"]))
            assert "四件已办结" in page
            assert "redcard" not in page
