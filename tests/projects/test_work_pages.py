"""The pages of plan, approvals, money, promises and log, as those who use them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor
from accounts.roles import Role
from common import clock
from deadlines import calendar
from issues.bootstrap import categories
from issues.models import Issue
from projects import bootstrap, gantt, planrows, week
from projects.models import (
    ApprovalWeek,
    Enterprise,
    LogEntry,
    MonthFigure,
    PlanItem,
    PlanTemplate,
    Project,
    Promise,
    YearPlan,
)
from projects.services import (
    add_promise,
    check_promise,
    drop_item,
    finish_item,
    plan_from_template,
    return_item,
    start_item,
    tell_of_friday,
)
from tests.accounts import cast
from tests.projects.planning import approval, item, officer, project

pytestmark = pytest.mark.django_db
APRIL = clock.parse("2026-04-20T10:00")


def sign_in(client: Client, actor: Actor) -> Client:
    client.force_login(actor.user)
    return client


# --- plan ------------------------------------------------------------------------------------------------------------


def test_the_plan_from_template_to_done(client: Client, coordinator: Actor) -> None:
    bootstrap.plan_templates()
    of = project()
    sign_in(client, coordinator)
    here = f"/app/projects/{of.code}/plan/"
    assert client.get(here).context["rows"] == []
    template = PlanTemplate.objects.get(name="备案类项目全流程")
    fields = {"template_id": template.pk, "starts_on": "2026-01-05"}
    assert client.post(here + "template/", {**fields, "starts_on": ""}).status_code == 422
    assert client.post(here + "template/", fields).url == here
    page = client.get(here)
    assert len(page.context["rows"]) == template.items.count()
    assert page.context["figure"]["lines"] == ["165 ÷ 239"]
    assert client.post(here + "new/", {"kind": "task", "name": "清表", "day_kind": "wd"}).url == here
    sign_in(client, officer(of))
    permit = of.plan.get(key="construction_permit")
    to = f"{here}{permit.pk}/"
    assert client.post(to + "start-item/", {"on": clock.today()}).url == here
    assert client.post(to + "return-item/", {"text": "缺图纸", "until": clock.today() + timedelta(days=9)}).url == here
    assert client.post(to + "start-item/", {}).url == here  # taken up again needs no day
    tomorrow = clock.today() + timedelta(days=1)
    file = SimpleUploadedFile("施工许可证.txt", "准予".encode())
    again = client.post(to + "finish-item/", {"on": tomorrow, "file": file})
    assert again.status_code == 422
    assert set(again.context["form"].errors) == {"on", "file"}  # the page could not keep the file: it says so
    assert set(client.post(to + "finish-item/", {"on": tomorrow}).context["form"].errors) == {"on"}
    file = SimpleUploadedFile("施工许可证.txt", "准予".encode())
    assert client.post(to + "finish-item/", {"on": clock.today(), "file": file}).url == here
    row = next(row for row in client.get(here).context["rows"] if row["pk"] == permit.pk)
    assert (row["returned"], row["light"], row["links"], [one["name"] for one in row["files"]]) == (
        1,
        None,
        [],
        ["施工许可证.txt"],
    )
    assert client.get(row["files"][0]["url"]).status_code == 200
    assert client.post(to + "finish-item/", {"on": clock.today()}).status_code == 409


def test_what_may_be_done_is_offered(client: Client, coordinator: Actor) -> None:
    of = project()
    running, waiting, milestone = approval(of), approval(of), item(of, "milestone", key="signed")
    start_item(actor=SYSTEM, item_id=running.pk)

    def offered(actor: Actor) -> dict[int, list[str]]:
        rows = planrows.rows(actor, planrows.items_of(of))
        return {row["pk"]: [link["url"].rsplit("/", 2)[1] for link in row["links"]] for row in rows}

    assert offered(officer(of)) == {
        running.pk: ["finish-item", "return-item", "refuse-item", "revise-item"],
        waiting.pk: ["start-item", "revise-item"],  # when it began must be known first
        milestone.pk: ["finish-item", "revise-item"],  # reached on one day
    }
    assert offered(coordinator)[waiting.pk][-1] == "drop-item"
    assert offered(cast.actor(Role.CHIEF)) == {running.pk: [], waiting.pk: [], milestone.pk: []}
    # whatever is offered is there
    sign_in(client, coordinator)
    for row in planrows.rows(coordinator, planrows.items_of(of)):
        assert {client.get(link["url"]).status_code for link in row["links"]} == {200}


def test_later_dates_by_the_pages(client: Client, coordinator: Actor) -> None:
    of = project()
    one = item(of, end=date(2026, 6, 1))
    to = f"/app/projects/{of.code}/plan/{one.pk}/"
    sign_in(client, officer(of)).post(to + "revise-item/", {"planned_end": "2026-07-01", "reason": "图纸变更"})
    sign_in(client, coordinator)
    row = client.get(f"/app/projects/{of.code}/plan/").context["rows"][0]
    assert [link["url"].rsplit("/", 2)[1] for link in row["links"]][:2] == ["grant-revision", "deny-revision"]
    assert "图纸变更" in row["waiting"]
    assert "图纸变更" in client.get(to + "grant-revision/").content.decode()
    assert client.post(to + "deny-revision/", {"ruling": ""}).status_code == 422
    client.post(to + "grant-revision/", {})
    row = client.get(f"/app/projects/{of.code}/plan/").context["rows"][0]
    assert (row["planned"][-5:], row["first"][-5:], row["waiting"]) == ("07-01", "06-01", "")


def test_an_item_of_another_project_is_not_there(client: Client, coordinator: Actor) -> None:
    of, other = project(), project()
    one = item(of)
    sign_in(client, coordinator)
    assert client.get(f"/app/projects/{other.code}/plan/{one.pk}/start-item/").status_code == 404


def test_the_plan_takes_as_many_queries_for_many_items(client: Client, coordinator: Actor) -> None:
    of = project()
    sign_in(client, coordinator)
    here = f"/app/projects/{of.code}/plan/"

    def number() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(here).status_code == 200
        return len(found)

    item(of, end=date(2026, 6, 1))
    few = number()
    bootstrap.plan_templates()
    template = PlanTemplate.objects.get(name="备案类项目全流程")
    plan_from_template(actor=SYSTEM, project_id=of.pk, template_id=template.pk, starts_on=date(2026, 1, 5))
    assert number() <= few + 1


# --- Gantt -----------------------------------------------------------------------------------------------------------


def test_the_chart_says_where() -> None:
    of = project()
    today = date(2026, 3, 16)
    start_item(actor=SYSTEM, item_id=item(of, end=date(2026, 3, 31), planned_start=date(2026, 3, 1)).pk, on=today)
    item(of, "milestone", key="signed", end=date(2026, 6, 20))
    item(of)  # without any date
    items = list(PlanItem.objects.with_light(today).filter(project=of))
    PlanItem.objects.filter(pk=items[0].pk).update(started_on=today)
    items[0].started_on = today
    chart = gantt.chart(items, today)
    bar, diamond = chart["rows"]  # what has no date has no bar
    left, right = gantt.LABEL, gantt.WIDTH
    day = (right - left) / (date(2026, 7, 1) - date(2026, 3, 1)).days
    assert float(bar["plan"]["x"]) == left
    assert float(bar["plan"]["width"]) == pytest.approx(31 * day, abs=0.1)
    assert float(bar["base"]["width"]) == pytest.approx(31 * day, abs=0.1)
    assert float(bar["done"]["x"]) == pytest.approx(left + 15 * day, abs=0.1)
    assert float(chart["today"]) == pytest.approx(left + 15 * day, abs=0.1)
    assert diamond["diamond"].startswith("M")
    assert [month["name"] for month in chart["months"]] == ["2026-03", "04", "05", "06"]
    assert bar["url"] == f"#item-{items[0].pk}"
    assert gantt.chart([], today) is None


def test_long_names_wrap_and_long_plans_have_few_months() -> None:
    of = project()
    PlanItem.objects.create(project=of, key="x", kind="task", name="很" * 40, planned_end=date(2036, 1, 1))
    items = list(PlanItem.objects.with_light(date(2026, 1, 1)).filter(project=of))
    chart = gantt.chart(items, date(2026, 1, 1))
    assert [len(line["text"]) for line in chart["rows"][0]["texts"]] == [15, 15, 10]
    # January 2036 lies at the edge, where its name would be cut off.
    assert [month["name"] for month in chart["months"]] == [f"{year}-01" for year in range(2026, 2036)]


# --- approvals -------------------------------------------------------------------------------------------------------


def test_the_monitor(client: Client) -> None:
    desk = cast.unit("环境局")
    with clock.at(APRIL):
        of = project(stage="construction")
        soon, late, back, calm = (approval(of, promised=n, unit=desk) for n in (1, 1, 9, 30))
        done = approval(of)
        for one, day in ((soon, 20), (late, 16), (back, 17), (calm, 17), (done, 15)):
            start_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 4, day))
        return_item(actor=SYSTEM, item_id=back.pk, text="缺材料")
        finish_item(actor=SYSTEM, item_id=done.pk)
        approval(of)  # not begun
        item(of)  # no approval
        sign_in(client, cast.actor(Role.DISCIPLINE))

        def shown(show: str, **more: str) -> list[str]:
            page = client.get("/app/approvals/", {"show": show, **more})
            assert page.status_code == 200
            return [row["due"] for row in page.context["rows"]]

        page = client.get("/app/approvals/")
        assert {tab["url"].rsplit("=")[-1]: tab["count"] for tab in page.context["tabs"]} == {
            "running": 4, "soon": 1, "late": 1, "returned": 1, "ended": 1,
        }  # fmt: skip
        assert {row["url"] for row in page.context["rows"]} == {""}  # the project itself is not theirs
        assert shown("soon") == ["04-21"]
        assert shown("late") == ["04-17"]
        assert len(shown("running", unit=desk.code)) == 4
        assert shown("ended", unit=desk.code) == []
        assert shown("running", unit="nonsense") == []
        assert len(shown("nonsense")) == 4
        units = {row["unit"]: row for row in client.get("/app/approvals/").context["units"]}
        assert (units["环境局"]["promised_of"], units["环境局"]["returned"]) == ("39 ÷ 80", 1)
        Project.objects.update(stage="terminated")
        assert shown("running") == []
    sign_in(client, cast.actor(Role.COORDINATOR))
    assert all(row["url"] for row in client.get("/app/approvals/?show=ended").context["rows"])


def test_the_monitor_takes_as_many_queries_for_many_rows(client: Client) -> None:
    sign_in(client, cast.actor(Role.COORDINATOR))
    start_item(actor=SYSTEM, item_id=approval(project()).pk)
    client.get("/app/approvals/")

    def number() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/app/approvals/").status_code == 200
        return len(found)

    few = number()
    for _n in range(6):
        start_item(actor=SYSTEM, item_id=approval(project(), unit=cast.unit()).pk)
    assert number() == few


def test_the_week(client: Client) -> None:
    friday = date(2026, 4, 24)
    of = project(cast.unit("甲局"))
    begun, granted, late = approval(of, promised=3), approval(of, promised=5), approval(of, promised=1)
    for one, day in ((begun, 22), (granted, 20), (late, 15)):
        with clock.at(clock.parse(f"2026-04-{day}T10:00")):
            start_item(actor=SYSTEM, item_id=one.pk)
    with clock.at(clock.parse("2026-04-23T10:00")):
        return_item(actor=SYSTEM, item_id=begun.pk, text="缺材料")
        finish_item(actor=SYSTEM, item_id=granted.pk)
    with clock.at(clock.parse("2026-05-08T10:00")):
        sign_in(client, cast.actor(Role.COORDINATOR))
        page = client.get("/app/approvals/friday/", {"day": "2026-04-26"})  # the Sunday after
        (row,) = page.context["rows"]
        assert row["name"] == "甲局"
        words = ("begun", "granted", "refused", "timely", "returned", "running", "late")
        assert [row[word] for word in words] == [2, 1, 0, 1, 1, 2, 1]
        assert {word: page.context["total"][word] for word in words} == {word: row[word] for word in words}
        assert page.context["before"].endswith("day=2026-04-17")
        # done after that Friday: the week is told as it was
        finish_item(actor=SYSTEM, item_id=late.pk)
        (again,) = client.get("/app/approvals/friday/", {"day": friday}).context["rows"]
        assert [again[word] for word in words] == [2, 1, 0, 1, 1, 2, 1]
        (now,) = client.get("/app/approvals/friday/").context["rows"]
        assert [now[word] for word in words] == [0, 1, 0, 0, 0, 1, 0]
        assert client.get("/app/approvals/friday/", {"day": "2019-01-01"}).context["rows"] == []
        # of a project that is over nothing runs; what was told on the Friday stays as it was told
        assert tell_of_friday(now=clock.now())
        assert ApprovalWeek.objects.get().friday == date(2026, 5, 1)
        week.freeze(friday, clock.now())
        Project.objects.filter(pk=of.pk).update(stage="terminated")
        page = client.get("/app/approvals/friday/", {"day": friday})
        assert [page.context["rows"][0][word] for word in words] == [2, 1, 0, 1, 1, 2, 1]
        assert page.context["frozen"]
        ApprovalWeek.objects.all().delete()
        (now,) = client.get("/app/approvals/friday/", {"day": friday}).context["rows"]
        assert [now[word] for word in words] == [2, 1, 0, 1, 1, 0, 0]
        assert client.get("/app/approvals/friday/", {"day": "x"}).status_code == 200


def test_the_week_tells_how_far_each_project_is(client: Client) -> None:
    """New starts planned and the three fast tracks, step by step as the source names them."""
    of = project(cast.unit("甲局"), category="planned_start", fast_early=True)
    plain = project(cast.unit("乙局"), category="continuing")
    over = project(cast.unit("丙局"), fast_build=True, stage="terminated")
    bare = project(cast.unit("丁局"), fast_promise=True)
    steps = {key: approval(of, promised=2, key=key) for key in ("filing", "land_permit", "works_permit", "drawings")}
    approval(of, key="survey")
    approval(plain, key="filing")
    with clock.at(clock.parse("2026-04-20T10:00")):
        for key in ("filing", "land_permit", "works_permit"):
            start_item(actor=SYSTEM, item_id=steps[key].pk)
    with clock.at(clock.parse("2026-04-21T10:00")):
        finish_item(actor=SYSTEM, item_id=steps["filing"].pk)
        return_item(actor=SYSTEM, item_id=steps["works_permit"].pk, text="缺图纸")
        drop_item(actor=SYSTEM, item_id=steps["drawings"].pk, text="不需要")
    with clock.at(clock.parse("2026-04-24T18:00")):
        sign_in(client, cast.actor(Role.DISCIPLINE))
        found = client.get("/app/approvals/friday/")
        assert [row["code"] for row in found.context["projects"]] == [of.code, bare.code]
        assert over.code not in found.content.decode()
        row = found.context["projects"][0]
        assert (row["tracks"], row["url"]) == ("计划新开工、批前提速", "")  # the discipline office opens no project
        words = {cell["label"]: (cell["word"], cell["day"], cell["late"]) for cell in row["cells"]}
        assert words == {
            "立项（备案、核准）": ("已办结", "04-21", False), "用地规划许可证": ("逾期", "04-20", True),
            "工程规划许可证": ("退回补正", "04-20", False), "项目报建": ("未列入计划", "", False),
            "勘察审查": ("未开始", "", False), "施工图审查": ("不需办理", "", False),
            "施工许可证": ("未列入计划", "", False),
        }  # fmt: skip


def test_a_return_without_a_limit_is_counted_too(client: Client) -> None:
    one = approval(project(cast.unit("甲局")), promised=None)
    with clock.at(clock.parse("2026-04-22T10:00")):
        start_item(actor=SYSTEM, item_id=one.pk)
        return_item(actor=SYSTEM, item_id=one.pk, text="缺材料")
    with clock.at(clock.parse("2026-04-23T10:00")):
        start_item(actor=SYSTEM, item_id=one.pk)
    with clock.at(clock.parse("2026-04-24T18:00")):
        assert week.compute(date(2026, 4, 24)).total["returned"] == 1
        again = one.returns.get()
        assert (again.text, clock.local(again.taken_up_at).day) == ("缺材料", 23)


# --- money -----------------------------------------------------------------------------------------------------------


def planned(**fields: object) -> Project:
    made = project(**fields)
    YearPlan.objects.create(project=made, year=2026, amount=Decimal(1200))
    return made


def test_a_unit_enters_and_statistics_answers(client: Client) -> None:
    with clock.at(APRIL):
        first = planned()
        second, other = project(first.unit), planned()
        YearPlan.objects.create(project=second, year=2026, amount=Decimal(10))
        who = officer(first)
        page = sign_in(client, who).get("/app/investment/")
        assert page.context["month"] == "2026-03"
        assert {row["code"] for row in page.context["rows"]} == {first.code, second.code}
        sent = {"month": "2026-03", f"actual_{first.pk}": "１，２００.５０", f"source_{first.pk}": "台账"}
        wrong = client.post("/app/investment/enter/", {**sent, f"actual_{second.pk}": "many"})
        assert wrong.status_code == 422
        row = next(row for row in wrong.context["rows"] if row["pk"] == first.pk)
        assert (row["actual_typed"], row["source_typed"]) == ("１，２００.５０", "台账")  # nothing typed is lost
        assert not MonthFigure.objects.exists()
        assert client.post("/app/investment/enter/", sent).status_code == 302
        figure = MonthFigure.objects.get()
        assert (figure.project, figure.actual) == (first, Decimal("1200.50"))
        late = client.post("/app/investment/enter/", {**sent, f"actual_{first.pk}": "9", f"seen_{first.pk}": ""})
        assert late.status_code == 409
        assert "1,200.50" in str(late.context["rows"]) or "9" in str(late.context["rows"])
        # what is not one's own is not entered by its number either
        client.post("/app/investment/enter/", {"month": "2026-03", f"actual_{other.pk}": "5"})
        assert MonthFigure.objects.count() == 1
        sign_in(client, cast.actor(Role.STATISTICS))
        assert client.get("/app/investment/").context["answering"]
        said = {"month": "2026-03", f"included_{figure.pk}": "no", f"seen_{figure.pk}": "1200.50"}
        assert client.post("/app/investment/answer/", said).status_code == 422
        assert client.post("/app/investment/answer/", {**said, f"why_not_{figure.pk}": "未入库"}).status_code == 302
        figure.refresh_from_db()
        assert (figure.included, figure.why_not) == (False, "未入库")
        assert client.get(f"/app/projects/{first.code}/investment/").status_code == 403


def test_who_sees_all_reads_the_grid(client: Client) -> None:
    with clock.at(APRIL):
        made = planned()
        planned(stage="terminated")
        for role, entering in ((Role.CHIEF, False), (Role.COORDINATOR, True)):
            page = sign_in(client, cast.actor(role)).get("/app/investment/?month=2026-03")
            assert [row["code"] for row in page.context["rows"]] == [made.code]
            assert page.context["entering"] is entering
        # A month that is not over is shown, never entered; nonsense is the month before.
        assert not client.get("/app/investment/?month=2026-04").context["entering"]
        assert client.get("/app/investment/?month=²026-04").context["month"] == "2026-03"


def test_what_is_missing_after_the_25th_is_said(client: Client) -> None:
    with clock.at(clock.parse("2026-04-26T10:00")):
        made = planned()
        sign_in(client, officer(made))
        assert client.get("/app/investment/").context["late"]
        MonthFigure.objects.create(project=made, month=date(2026, 3, 1), actual=1)
        assert not client.get("/app/investment/").context["late"]


def test_the_grid_takes_few_queries(client: Client, django_assert_max_num_queries) -> None:
    with clock.at(APRIL):
        for _n in range(12):
            planned()
        sign_in(client, cast.actor(Role.COORDINATOR))
        client.get("/app/investment/")
        with django_assert_max_num_queries(16):
            assert len(client.get("/app/investment/").context["rows"]) == 12


def test_the_section_sums_up(client: Client) -> None:
    with clock.at(APRIL):
        of = planned()
        here = f"/app/projects/{of.code}/investment/"
        sign_in(client, officer(of))
        fields = {"amount": "1200", "month_1": "100", "month_2": "200"}
        assert client.post(here + "plan/?year=2026", fields).url == f"{here}?year=2026"
        assert client.post(here + "plan/?year=2026", {**fields, "amount": "10"}).status_code == 422
        for month, actual in ((1, 80), (2, 240)):
            row = MonthFigure.objects.get(project=of, month=date(2026, month, 1))
            row.actual = actual
            row.save()
        page = client.get(here)
        rows = page.context["rows"]
        assert [(row["planned"], row["done"], row["behind"]) for row in rows] == [
            ("100.00", "80.00", True),
            ("300.00", "320.00", False),
        ]
        assert (page.context["share"], page.context["fraction"].split(" （")[0]) == ("26.7 %", "320 ÷ 1,200")
        assert client.get(here, {"year": "2019"}).context["rows"] == []


# --- promises and log ------------------------------------------------------------------------------------------------


def test_a_broken_promise_becomes_an_issue_in_one_click(client: Client, coordinator: Actor) -> None:
    categories()
    firm = Enterprise.objects.create(name="甲厂", pinyin="x", created_at=clock.now(), contact_name="某人")
    of = project()
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    here = f"/app/projects/{of.code}/promises/"
    sign_in(client, officer(of))
    fields = {"side": "government", "text": "六月通水", "due_on": "2026-01-10", "clause": "第八条"}
    assert client.post(here + "new/", fields).status_code == 422
    assert client.post(here + "new/", {**fields, "unit": of.unit.pk}).url == here
    promise = Promise.objects.get()
    sign_in(client, coordinator)
    check = {"on": clock.today(), "result": "broken", "finding": "government", "text": "仍未通水"}
    assert client.post(f"{here}{promise.pk}/check/", check).url == here
    assert client.get(here).context["rows"][0]["may_raise"]
    client.post(f"{here}{promise.pk}/raise/")  # nobody can be reached
    assert not Issue.objects.exists()
    Enterprise.objects.update(contact_phone="13900001111")
    client.post(f"{here}{promise.pk}/raise/")
    issue = Issue.objects.get()
    assert (issue.project, issue.enterprise, issue.category.name) == (of, firm, "合同履约")
    assert "仍未通水" in issue.body.text
    row = client.get(here).context["rows"][0]
    assert (row["may_raise"], row["checks"][0]["issue"]) == (False, issue.number)
    assert issue.number in client.get(here).content.decode()
    assert client.post(f"{here}{promise.pk}/raise/").status_code == 409


def test_a_promise_is_late_until_it_is_kept(client: Client, coordinator: Actor) -> None:
    of = project()
    due = clock.today() - timedelta(days=3)
    one = add_promise(actor=SYSTEM, project_id=of.pk, side="enterprise", text="开工", due_on=due)
    sign_in(client, coordinator)
    here = f"/app/projects/{of.code}/promises/"
    assert "3" in client.get(here).context["rows"][0]["late"]
    check_promise(actor=SYSTEM, promise_id=one.pk, on=clock.today(), result="kept")
    assert client.get(here).context["rows"][0]["late"] == ""


def test_the_log(client: Client) -> None:
    of = project()
    here = f"/app/projects/{of.code}/log/"
    sign_in(client, officer(of))
    assert client.get(here).context["silent"]
    yesterday = clock.today() - timedelta(days=1)
    assert client.post(here + "new/", {"kind": "visit", "on": yesterday, "text": "走访"}).url == here
    later = clock.today() + timedelta(days=1)
    assert client.post(here + "new/", {"kind": "visit", "on": later, "text": "走访"}).status_code == 422
    page = client.get(here)
    assert not page.context["silent"]
    assert [row["text"] for row in page.context["rows"]] == ["走访"]
    assert LogEntry.objects.get().on == yesterday
    assert calendar.current()
