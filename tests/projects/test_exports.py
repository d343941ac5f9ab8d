"""Excel out of the projects: each list as its page shows it, for who may open the page; in again without a change."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry, Unit
from accounts.roles import Role, UnitKind
from common import clock
from documents import sandbox, sheets
from projects import services
from projects.imports import columns, rows, run
from projects.models import Chain, Enterprise, LogEntry, MonthFigure, PlanItem, Project, YearPlan
from projects.services.items import start_item
from projects.states import Stage
from tests.accounts import cast
from tests.hostile.sheets import runs
from tests.projects import life
from tests.projects.lists import checked
from tests.projects.planning import approval, item, project

pytestmark = pytest.mark.django_db
APRIL = clock.parse("2026-04-20T10:00")  # a Monday
FRIDAY = date(2026, 4, 17)
GOOD = "91500000MA6000012L"  # the check character fits
PHONE = "13912345678"
EVIL = '=HYPERLINK("//evil.example";"𠮷䶮")'
_numbers = count(1)


@pytest.fixture(autouse=True)
def _april():
    with clock.at(APRIL):
        yield


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def book(client: Client, path: str) -> list[list[Any]]:
    """The rows of a page as a workbook, the heading first."""
    response = client.get(path + ("&" if "?" in path else "?") + "as=xlsx")
    assert response.status_code == 200, path
    assert response["Content-Type"] == sheets.XLSX
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.iter_rows()]


def column(lines: list[list[Any]], name: str) -> list[Any]:
    place = lines[0].index(name)
    return [line[place] for line in lines[1:]]


# One row for each list ------------------------------------------------------------------------------------------------


def full() -> Project:
    """A project with everything that a list names."""
    n = next(_numbers)
    firm = services.create_enterprise(actor=SYSTEM, name=f"{n}号企业", contact_phone=PHONE)
    made = project(enterprise=firm, chain=Chain.objects.create(name=f"{n}链", starts_on=date(2020, 1, 1)))
    services.name_manager(actor=SYSTEM, code=made.code, post=life.leader())
    YearPlan.objects.create(project=made, year=2026, amount=400)
    MonthFigure.objects.create(project=made, month=date(2026, 3, 1), actual=100, entered_by=cast.person())
    item(made, "milestone", date(2026, 6, 1), key="completed")
    return made


def started() -> Project:
    made = project(fast_early=True)
    start_item(actor=SYSTEM, item_id=approval(made, unit=cast.unit()).pk, on=FRIDAY)
    return made


def target() -> None:
    services.set_target(actor=SYSTEM, unit=cast.unit(), year=2026, least=Decimal(100), count=2)


def visited() -> None:
    firm = services.create_enterprise(actor=SYSTEM, name=EVIL, town=cast.unit(kind=UnitKind.TOWN), contact_phone=PHONE)
    about = {"enterprise": firm, "by": cast.person(), "on": FRIDAY, "entered_at": clock.now()}
    LogEntry.objects.create(kind="visit", text="走访", **about)


def month(of: Project) -> None:
    n = of.months.count() + 1
    MonthFigure.objects.create(project=of, month=date(2026, n, 1), plan=10, actual=n, entered_by=cast.person())


def contact(of: Project) -> None:
    post = cast.post(Role.SPECIALIST, cast.unit())
    about = {"by": post.user, "post": post, "on": FRIDAY, "entered_at": clock.now()}
    LogEntry.objects.create(project=of, kind="call", text="电话", **about)


# Address of the page → what makes one row of it; {code} is that of one project, which the row is for.
LISTS: dict[str, Callable[..., object]] = {
    "/app/projects/": full,
    "/app/approvals/": started,
    "/app/approvals/friday/?day=2026-04-17": started,
    "/app/investment/?month=2026-03": full,
    "/app/leads/": life.lead,
    "/app/leads/library/": target,
    "/app/enterprises/ledger/": visited,
    "/app/projects/{code}/plan/": lambda of: item(of, unit=cast.unit(), end=FRIDAY),
    "/app/projects/{code}/investment/": month,
    "/app/projects/{code}/log/": contact,
}
# As long as the units, the items of one plan, the months of a year.
BOUNDED = {
    "/app/approvals/friday/?day=2026-04-17",
    "/app/leads/library/",
    "/app/projects/{code}/plan/",
    "/app/projects/{code}/investment/",
}


@pytest.fixture(params=LISTS)
def listed(request) -> tuple[str, Callable[[int], None]]:
    """The address of a list, and what fills it with so many more rows."""
    make, of = LISTS[request.param], project()
    args = (of,) if "{code}" in request.param else ()

    def more(many: int) -> None:
        for _n in range(many):
            make(*args)

    return request.param.format(code=of.code), more


def test_a_list_goes_out_as_its_page_shows_it_with_as_many_queries_for_many_rows(listed, coordinator) -> None:
    path, more = listed
    client, asked = browser(coordinator), []
    ours = 12 if path.endswith("/investment/") else 30  # a year has no more months
    book(client, path)
    for many in (3, ours - 3):
        more(many)
        with CaptureQueriesContext(connection) as caught:
            found = book(client, path)
        asked.append(len(caught))
        shown = client.get(path).context
        below = 3 + len(shown["projects"]) if "friday" in path else 0  # a blank line, a second heading, a total
        assert len(found) == 1 + len(shown["rows"]) + below
        words = [cell for line in found for cell in line if isinstance(cell, str)]
        assert not [cell for cell in words if runs(cell) or PHONE in cell]
        entry = AuditEntry.objects.filter(act="export").latest("id")
        assert (entry.detail["rows"], entry.detail["query"][-7:]) == (len(found) - 1, "as=xlsx")
    assert asked[0] == asked[1]
    assert len(found) > ours  # with the heading
    link = shown["export"]
    assert f'href="{link.replace("&", "&amp;")}"' in client.get(path).content.decode()
    assert book(client, link.removesuffix("as=xlsx")) == found


@pytest.mark.parametrize("path", [path for path in LISTS if path not in BOUNDED])
def test_no_more_goes_out_than_ten_thousand(path: str, coordinator, monkeypatch) -> None:
    assert sheets.MOST == 10_000
    for module in ("roll", "overviews", "files"):
        monkeypatch.setattr(import_module(f"projects.exports.{module}"), "MOST", 2)
    of = project()
    for _n in range(3):
        LISTS[path](*((of,) if "{code}" in path else ()))
    assert len(book(browser(coordinator), path.format(code=of.code))) == 3


# Filters and rights ---------------------------------------------------------------------------------------------------


def test_filters_and_order_hold_for_the_workbook(coordinator: Actor) -> None:
    small, large = project(total_investment=100, name="云溪项目"), project(total_investment=200_000)
    project(stage=Stage.TERMINATED)
    client = browser(coordinator)
    assert column(book(client, "/app/projects/"), "项目编号") == sorted([small.code, large.code])
    assert column(book(client, "/app/projects/?order=money"), "项目编号") == [large.code, small.code]
    assert column(book(client, "/app/projects/?q=云溪"), "项目编号") == [small.code]
    assert len(book(client, "/app/projects/?stage=all")) == 4
    ended = book(client, "/app/projects/?stage=terminated")
    assert column(ended, "阶段") == ["已解约"]
    begun = started()
    assert column(book(client, "/app/approvals/"), "项目编号") == [begun.code]
    assert book(client, "/app/approvals/?show=ended")[1:] == []
    lead = life.lead()
    assert column(book(client, "/app/leads/?at=contact"), "项目编号") == [lead.code]
    assert book(client, "/app/leads/?at=over")[1:] == []
    assert book(client, "/app/leads/library/?year=2031")[1:] == []


def test_a_unit_takes_what_it_sees_and_no_more(coordinator: Actor) -> None:
    mine, other = full(), full()
    officer = cast.actor(Role.UNIT_OFFICER, mine.unit)
    Enterprise.objects.filter(pk=mine.enterprise_id).update(uscc=GOOD)
    lines = book(browser(officer), "/app/projects/")
    assert column(lines, "项目编号") == [mine.code]
    assert (column(lines, "企业名称"), column(lines, "统一社会信用代码")) == ([mine.enterprise.name], [None])
    assert set(column(book(browser(coordinator), "/app/projects/"), "统一社会信用代码")) == {GOOD, None}
    assert column(book(browser(officer), "/app/investment/?month=2026-03"), "项目编号") == [mine.code]
    client = browser(officer)
    for part in ("plan", "investment", "log"):
        assert client.get(f"/app/projects/{other.code}/{part}/?as=xlsx").status_code == 404
        assert client.get(f"/app/projects/{mine.code}/{part}/?as=xlsx").status_code == 200
    assert client.get("/app/approvals/?as=xlsx").status_code == 403
    statistics = browser(cast.actor(Role.STATISTICS))
    assert column(book(statistics, "/app/investment/?month=2026-03"), "项目编号") == sorted([mine.code, other.code])
    assert statistics.get("/app/projects/?as=xlsx").status_code == 403
    taken = AuditEntry.objects.filter(act="export").order_by("id").values_list("object_kind", "object_ref")
    assert list(taken) == [
        ("projects", "xlsx"), ("projects", "xlsx"), ("investment", "xlsx"),
        *((part, mine.code) for part in ("plan", "money", "log")), ("investment", "xlsx"),
    ]  # fmt: skip


def test_an_item_is_not_the_file_in_a_workbook_either(coordinator: Actor) -> None:
    """Whose unit has no more than an item takes the plan, and of the list no money but the total."""
    made, lead, unit = full(), life.lead(), cast.unit()
    for of in (made, lead):
        item(of, unit=unit)
    client = browser(cast.actor(Role.UNIT_OFFICER, unit))
    for part, code in (("plan", 200), ("investment", 403), ("log", 403)):
        assert client.get(f"/app/projects/{made.code}/{part}/?as=xlsx").status_code == code
    assert book(client, "/app/leads/")[1:] == []
    query = f"/app/projects/?q={made.code}"
    money = ("总投资（万元）", "年度计划投资（万元）", "本年完成投资（万元）", "本年完成率")
    Project.objects.filter(pk=made.pk).update(total_investment=500)
    lines, whole = book(client, query), book(browser(coordinator), query)
    assert [column(lines, name) for name in money] == [[500], [None], [None], [None]]
    assert [column(whole, name) for name in money] == [[500], [400], [100], [0.25]]


# What the cells say ---------------------------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_pages(coordinator: Actor) -> None:
    made, client = full(), browser(coordinator)
    (line,) = book(client, "/app/investment/?month=2026-03")[1:]
    assert (line[4], line[6], line[7], line[8], line[9]) == (100, 100, 400, 0.25, "待统计答复")
    MonthFigure.objects.create(project=made, month=date(2026, 1, 1), plan=50)
    lines = book(client, f"/app/projects/{made.code}/investment/")
    assert [line[:5] for line in lines] == [
        ["月份", "计划（万元）", "完成投资（万元）", "累计计划（万元）", "累计完成（万元）"],
        ["2026-01", 50, None, 50, None],
        ["2026-03", None, 100, 50, 100],
    ]
    started()
    (head, line, total) = book(client, "/app/approvals/friday/?day=2026-04-17")[-3:]
    assert (head[1], line[1], total[:2]) == ("开始", 1, ["合计", 1])
    told = book(client, "/app/approvals/friday/?day=2026-04-17")
    assert told[0][:5] == ["项目编号", "项目", "责任单位", "审批提速", "立项（备案、核准）"]
    assert (told[1][3], told[1][4], told[2][0]) == ("批前提速", "未列入计划", None)
    (line,) = book(client, "/app/approvals/")[1:]
    assert (line[3], line[4], line[6].date(), line[9:12]) == ("进行中", "正常", FRIDAY, [20, 5, "工作日"])


# Out and in again -----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(monkeypatch) -> None:
    """Workbooks are read in this process, as in ``test_import``."""
    monkeypatch.setattr(sandbox, "run", lambda module, payload, limits: import_module(module).work(payload))


def sent_again(coordinator: Actor, query: str = "") -> Any:
    return checked(coordinator, browser(coordinator).get(f"/app/projects/?as=xlsx{query}").content)


def awkward() -> Project:
    """Everything that could come back otherwise: words like formulas, rare letters, lines of a browser, a chain that
    has ended, units and enterprises that share a name, figures with cents."""
    old = Chain.objects.create(name="老链", starts_on=date(2020, 1, 1), ends_on=date(2025, 1, 1))
    units: dict[str, Unit] = {name: cast.unit("办公室") for name in ("unit", "lead_unit")}
    units |= {"town": cast.unit(kind=UnitKind.TOWN), "park": cast.unit(kind=UnitKind.PARK)}
    firms = [services.create_enterprise(actor=SYSTEM, name="同名企业") for _n in range(2)]
    made = services.create_project(
        actor=SYSTEM, code="区-2026-01", name=EVIL, enterprise=firms[0], investor="-投资", content="甲\r\n- 乙\r\n＝丙",
        level="province", category="completing", approval_type="filing", fast_early=True, fast_build=True, chain=old,
        industry="@行业", place="䶮路1号", total_investment=Decimal("123456.78"), land_area=Decimal("0.05"),
        note="+86", **units,
    )  # fmt: skip
    days = {name: date(2025, 1, n + 1) for n, name in enumerate(columns.FACTS)}
    Project.objects.filter(pk=made.pk).update(stage=Stage.OPERATION, **days)
    YearPlan.objects.create(project=made, year=2026, amount=Decimal("0.10"))
    YearPlan.objects.create(project=made, year=2025, amount=7)
    item(made, "milestone", date(2026, 6, 1), key="started")
    PlanItem.objects.filter(project=made, key="started").update(state="done")
    return made


def test_the_list_goes_in_again_without_a_change(here, coordinator: Actor) -> None:
    first = full()
    Enterprise.objects.filter(pk=first.enterprise_id).update(uscc=GOOD)
    awkward()
    for stage in Stage:
        if stage not in (Stage.TERMINATED, Stage.STRUCK_OFF):
            project(stage=stage)
    row = sent_again(coordinator)
    assert row.problems == []
    assert (row.state, row.rows, run.counts(row)) == ("checked", 8, {"new": 0, "changed": 0})
    (head, *lines) = book(browser(coordinator), "/app/projects/")
    assert head == [*rows.headings(), "灯", "项目经理", "本年完成投资（万元）", "本年完成率"]
    (line,) = (line for line in lines if line[0] == first.code)
    assert line[-4:] == ["正常", first.managers.get().leader.user.name, 100, 0.25]


def test_what_is_changed_in_between_is_the_change_that_the_import_finds(here, coordinator: Actor) -> None:
    made = full()
    data = browser(coordinator).get("/app/projects/?as=xlsx").content
    workbook = load_workbook(io.BytesIO(data))
    cells = {cell.value: cell.column for cell in workbook.active[1]}
    workbook.active.cell(2, cells["总投资（万元）"]).value = 5000
    workbook.active.cell(2, cells["本年完成投资（万元）"]).value = 9  # passed over
    workbook.active.cell(2, cells["类别"]).value = "续建"
    out = io.BytesIO()
    workbook.save(out)
    row = checked(coordinator, out.getvalue())
    assert row.problems == []
    (change,) = row.changes
    assert (change["code"], set(change["changes"])) == (made.code, {"总投资", "类别"})


@pytest.mark.parametrize("name", columns.ALONGSIDE)
def test_an_added_column_is_a_mistake_unless_it_is_passed_over(here, coordinator: Actor, monkeypatch, name) -> None:
    project()
    monkeypatch.setattr(rows, "PASSED_OVER", columns.PASSED_OVER - {name})
    row = sent_again(coordinator)
    assert [problem[3] for problem in row.problems] == [name]


def test_what_has_ended_is_told_when_it_comes_in_again(here, coordinator: Actor) -> None:
    project(stage=Stage.TERMINATED)
    row = sent_again(coordinator, "&stage=all")
    assert row.state == "refused"
