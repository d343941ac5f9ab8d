"""The list of projects: what a workbook says, what it would change, what was wrong where; written whole, taken back."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import load_workbook

from accounts.actors import Actor
from accounts.models import AuditEntry, Principal
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from documents import sandbox
from projects import services
from projects.imports import books, columns, values
from projects.imports.rows import letter
from projects.imports.sheet import read
from projects.models import Chain, Enterprise, PlanItem, PlanRevision, Project, ProjectImport, TeamMember, YearPlan
from projects.states import Stage
from tests.accounts import cast
from tests.projects.lists import HEAD, applied, book, checked, upload

pytestmark = pytest.mark.django_db
GOOD = "91500000MA6000012L"  # the check character fits


@pytest.fixture
def sandboxed() -> None:
    """The workbook is read in its own child, as it is in earnest."""


@pytest.fixture
def district(settings, tmp_path, monkeypatch, request) -> None:
    """The units of a district. Workbooks are read in this process: a child for each costs most of the time. The real
    sandbox is asked where it matters (``sandboxed``)."""
    settings.MEDIA_ROOT = tmp_path
    if "sandboxed" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "run", lambda module, payload, limits: import_module(module).work(payload))
    cast.unit("临江区发展和改革局", short_name="发改局")
    cast.unit("双溪街道", UnitKind.TOWN)


def messages(row: ProjectImport) -> list[tuple]:
    return [(number, column, message) for number, column, _head, _value, message, _weight in row.problems]


def snapshot() -> dict[str, list]:
    tables = (Project, Enterprise, YearPlan, PlanItem, PlanRevision, Principal)
    return {one.__name__: list(one.objects.order_by("pk").values()) for one in tables}


def said(tmp_path, heading: str, value: object) -> object:
    """One cell, through a workbook, as the list understands it."""
    (tmp_path / "one.xlsx").write_bytes(book((heading,), (value,)))
    ((_one, (title,)), *rest) = read(str(tmp_path / "one.xlsx"))
    cell = rest[0][1][0] if rest else None
    known = columns.heading(title[1])
    assert known is not None
    return values.parse(cell, known)


# What cells say ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "value", "wanted"),
    [
        ("总投资", 12000, "12000.00"),
        ("总投资（万元）", "１２，０００．５", "12000.50"),
        ("总投资(亿元)", 12.5, "125000.00"),
        ("*总投资 （亿元）", "1,2.5", "125000.00"),
        ("总投资（亿元）", "800万元", "800.00"),
        ("总投资", "3 亿", "30000.00"),
        ("总投资（元）", 1_234_567, "123.46"),
        ("总投资", "", None),
        ("总投资", "—", None),
        ("总投资", "/", None),
    ],
)
def test_money_is_read_in_ten_thousands(tmp_path, heading, value, wanted) -> None:
    assert said(tmp_path, heading, value) == (Decimal(wanted) if wanted else None)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026年3月", "2026-03-31"),
        ("2026-03", "2026-03-31"),
        ("2026.3.5", "2026-03-05"),
        ("２０２６／３／５", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        (datetime(2026, 3, 5), "2026-03-05"),  # noqa: DTZ001 -- as a spreadsheet has it
        (date(2026, 3, 5), "2026-03-05"),
        (46086, "2026-03-05"),
        (20260305, "2026-03-05"),
        (2026.3, "2026-03-31"),
        (2026, "2026-12-31"),
        ("2026年", "2026-12-31"),
    ],
)
def test_days_are_read_as_they_are_written(tmp_path, value, wanted) -> None:
    assert str(said(tmp_path, "计划竣工", value)) == wanted


def test_a_month_of_a_start_is_its_first_day(tmp_path) -> None:
    assert said(tmp_path, "开工日期", "2025年3月") == date(2025, 3, 1)


BAD = [
    ("总投资", "约十亿"),
    ("总投资", -5),
    ("总投资", "12亩"),
    ("总投资", "1e99"),
    ("总投资", "1e9999999"),
    ("总投资", "50%"),
    ("总投资", date(2026, 1, 1)),
    ("计划竣工", "明年"),
    ("计划竣工", "2026-02-30"),
    ("计划竣工", "2026-13"),
    ("计划竣工", "1899-01-01"),
    ("计划竣工", 2026.1),  # January or October
    ("开工日期", "2099-01-01"),
    ("级别", "国家级"),
    ("阶段", "解约"),
    ("批前提速", "也许"),
    ("镇街", "没有的镇"),
    ("镇街", "发改局"),  # a department is no town
    ("产业链", "没有的链"),
    ("统一社会信用代码", "12345"),
    ("建设内容", "=1+1"),
    ("投资方", "长" * 201),
]


def test_what_cannot_be_read_is_told_with_its_cell(district, coordinator) -> None:
    """One row each, every one with a single bad cell under its heading."""
    head = list(dict.fromkeys(heading for heading, _value in BAD))
    rows = [
        (f"P-{n}", "云溪项目", *(value if one == heading else None for one in head))
        for n, (heading, value) in enumerate(BAD)
    ]
    row = checked(coordinator, book(("项目编号", "项目名称", *head, "没有这一列"), *rows))
    wanted = [(2 + n, letter(2 + head.index(heading))) for n, (heading, _value) in enumerate(BAD)]
    assert (row.state, row.changes) == ("refused", [])
    assert sorted(found[:2] for found in messages(row)) == sorted([(1, letter(2 + len(head))), *wanted])


def test_a_number_that_is_shown_as_a_percentage_is_no_amount(district, coordinator) -> None:
    def percent(sheet) -> None:
        sheet["C2"].number_format = "0%"

    data = book(("项目编号", "项目名称", "总投资"), ("P-1", "云溪项目", 0.5), then=percent)
    assert checked(coordinator, data).state == "refused"


@pytest.mark.usefixtures("sandboxed")
def test_a_merged_cell_holds_for_all_its_rows_and_a_title_above_is_no_heading(district, coordinator) -> None:
    def merge(sheet) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "临江区2026年重点项目表"
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("C3:C4")

    rows = [("P-1", "云溪一期", "发改局", 1), ("P-2", "云溪二期", None, 2), ("P-3", "白沙项目", None, 3)]
    applied(coordinator, book(("项目编号", "项目名称", "责任单位", "总投资"), *rows, then=merge))
    units = dict(Project.objects.values_list("code", "unit__short_name"))
    assert units == {"P-1": "发改局", "P-2": "发改局", "P-3": None}


def test_words_that_look_like_a_formula_are_words_and_come_back_as_they_were(district, coordinator, tmp_path) -> None:
    def text(sheet) -> None:
        sheet["C2"].value, sheet["C2"].data_type = "=HYPERLINK()", "s"
        sheet["D2"].value, sheet["D2"].data_type = "=1+1", "f"

    row = checked(coordinator, book(("项目编号", "项目名称", "投资方", "备注"), ("P-1", "云溪项目", "", ""), then=text))
    assert messages(row)[0][:2] == (2, "D")
    out = load_workbook(io.BytesIO(books.mistakes(row)))
    (_head, cells) = list(out["出错行"].values)
    assert cells[2:4] == ("'=HYPERLINK()", "'=1+1")
    assert said(tmp_path, "投资方", "'=HYPERLINK()") == "=HYPERLINK()"


def test_the_template_comes_in_again_and_explains_every_column(district, coordinator) -> None:
    workbook = load_workbook(io.BytesIO(books.template()))
    assert workbook.sheetnames == ["项目", "填表说明"]
    workbook["项目"].append(["P-1", "云溪项目", "云溪新材料有限公司", GOOD])
    out = io.BytesIO()
    workbook.save(out)
    assert checked(coordinator, out.getvalue()).state == "checked"
    told = {row[0] for row in workbook["填表说明"].values}
    assert {cell.value.split("（")[0] for cell in workbook["项目"][1]} <= told


# Whom and what they mean ---------------------------------------------------------------------------------------------


def test_an_unknown_unit_gets_the_nearest_as_a_hint(district, coordinator) -> None:
    row = checked(coordinator, book(("项目编号", "项目名称", "责任单位"), ("P-1", "云溪项目", "临江区发展改革局")))
    assert "临江区发展和改革局" in messages(row)[0][2]


def test_a_code_twice_and_a_code_missing(district, coordinator) -> None:
    head = ("项目编号", "项目名称")
    row = checked(coordinator, book(head, ("P-1", "甲"), ("Ｐ-1", "乙"), (None, "丙"), ("-", "丁"), ("a/b", "戊")))
    assert [(number, column) for number, column, _m in messages(row)] == [(3, "A"), (4, "A"), (5, "A"), (6, "A")]
    assert "2" in messages(row)[0][2]


def test_a_wrong_check_character_warns_and_lets_through(district, coordinator) -> None:
    data = book(HEAD[:4], ("P-1", "云溪项目", "云溪新材料有限公司", GOOD[:-1] + "X"))
    row = checked(coordinator, data)
    assert (row.state, [problem[5] for problem in row.problems]) == ("checked", ["warning"])


def test_a_year_alone_is_taken_with_a_hint(district, coordinator) -> None:
    row = checked(coordinator, book(("项目编号", "项目名称", "开工日期"), ("P-1", "云溪项目", "2008")))
    assert (row.state, row.problems[0][5]) == ("checked", "warning")
    assert row.changes[0]["changes"]["开工日期"][1] == "2008-01-01"


def test_enterprises_are_found_by_code_then_by_name_and_else_brought_along(district, coordinator) -> None:
    mine = services.create_enterprise(actor=coordinator, name="远帆装备有限公司", uscc=GOOD)
    rows = [
        ("P-1", "一", "远帆装备有限公司", GOOD),
        ("P-2", "二", "远帆装备有限公司", None),
        ("P-3", "三", "新来的有限公司", None),
        ("P-4", "四", "新来的有限公司", None),
    ]
    applied(coordinator, book(HEAD[:4], *rows))
    new = Enterprise.objects.get(name="新来的有限公司")
    assert list(Project.objects.order_by("code").values_list("enterprise", flat=True)) == [mine.pk] * 2 + [new.pk] * 2
    row = checked(coordinator, book(HEAD[:4], ("P-5", "五", "别的名字", GOOD), ("P-6", "六", None, GOOD)))
    assert [(number, column) for number, column, _m in messages(row)] == [(2, "D")]


def test_what_has_gates_or_needs_a_reason_does_not_come_in_by_a_list(district, coordinator) -> None:
    Project.objects.create(
        code="P-1", name="云溪项目", stage=Stage.SIGNING, started_on=date(2025, 1, 1), created_at=clock.now()
    )
    Project.objects.create(code="P-2", name="旧项目", stage=Stage.TERMINATED, created_at=clock.now())
    head = ("项目编号", "项目名称", "阶段", "开工日期")
    row = checked(coordinator, book(head, ("P-1", "云溪项目", "运营", "2025-02-01"), ("P-2", "旧项目", None, None)))
    assert [(number, column) for number, column, _m in messages(row)] == [(2, "C"), (2, "D"), (3, "A")]
    assert checked(coordinator, book(head, ("P-1", "云溪项目", "签约", "2025-01-01"))).changes == []


def test_blank_cells_change_nothing_and_the_difference_is_before_and_now(district, coordinator) -> None:
    applied(
        coordinator, book(HEAD, ("P-1", "云溪项目", None, None, "发改局", "双溪街道", 100, "签约", None, "2026-05"))
    )
    same = checked(
        coordinator, book(HEAD, ("P-1", None, None, None, "临江区发展和改革局", None, 100.0, None, None, None))
    )
    assert (same.rows, same.changes) == (1, [])
    with pytest.raises(Conflict):
        services.apply_import(actor=coordinator, import_id=same.pk)
    row = checked(coordinator, book(HEAD, ("P-1", "云溪新项目", None, None, None, None, 250, None, None, "2026-08-01")))
    (change,) = row.changes
    assert change["new"] is False
    assert change["changes"] == {
        "项目名称": ["云溪项目", "云溪新项目"],
        "总投资": ["100.00 万元", "250.00 万元"],
        "计划竣工": ["2026-05-31", "2026-08-01"],
    }


# Written whole, taken back -------------------------------------------------------------------------------------------

FULL = (
    "项目编号",
    "项目名称",
    "企业名称",
    "总投资（亿元）",
    "2026年计划投资（万元）",
    "计划开工",
    "计划竣工",
    "产业链",
    "级别",
)


def filled(coordinator: Actor) -> bytes:
    """One project that is here, and one that is new, with all that a list can touch."""
    Chain.objects.create(name="新材料", starts_on=date(2020, 1, 1))
    applied(coordinator, book(FULL, ("P-1", "云溪项目", None, 1, 500, "2026-01", "2026-06", None, "区级")))
    return book(
        FULL,
        ("P-1", "云溪新项目", "新来的有限公司", 2, 800, "2026-02", "2026-09", "新材料", "市级"),
        ("P-2", "白沙项目", "新来的有限公司", 3, 900, "2026-03", "2026-10", "新材料", "省级"),
    )


def test_applied_and_undone_leaves_no_trace_but_the_trail(district, coordinator) -> None:
    data = filled(coordinator)
    before = snapshot()
    row = applied(coordinator, data)
    assert row.state == "applied"
    first, second = Project.objects.select_related("enterprise", "chain").order_by("code")
    assert (first.name, first.version, first.total_investment, first.pinyin[:4]) == ("云溪新项目", 2, 20000, "yunx")
    assert (second.enterprise, second.chain, second.level) == (first.enterprise, first.chain, "province")
    assert PlanRevision.objects.filter(item__project=first, granted=True).count() == 2
    moved = PlanItem.objects.get(project=first, key="completed")
    assert (moved.planned_end, moved.baseline_end) == (date(2026, 9, 30), date(2026, 6, 30))
    services.undo_import(actor=coordinator, import_id=row.pk)
    first.refresh_from_db()
    assert first.version == 3  # goes on: a form that was open meanwhile must not fit again
    Project.objects.filter(pk=first.pk).update(version=1)
    assert snapshot() == before
    acts = AuditEntry.objects.filter(object_kind__in=("projectimport", "project")).values_list("act", flat=True)
    assert {"check_import", "apply_import", "undo_import", "import_project"} <= set(acts)


def test_what_has_begun_already_is_not_late(district, coordinator) -> None:
    """A list often has the planned day beside the real one."""
    head = ("项目编号", "项目名称", "开工日期", "计划开工", "计划竣工")
    applied(coordinator, book(head, ("P-1", "云溪项目", "2024-03-08", "2024-03-01", "2099-06")))
    started, completed = PlanItem.objects.order_by("order")
    assert (started.state, started.ended_on, completed.state) == ("done", date(2024, 3, 8), "pending")
    project = Project.objects.with_light(clock.today()).get()
    assert project.light == "green"


def change_it(coordinator: Actor) -> None:
    Project.objects.filter(code="P-1").update(name="改过了", version=3)


def hang_on_it(coordinator: Actor) -> None:
    post = cast.post(Role.SPECIALIST, cast.unit())
    project = Project.objects.get(code="P-2")
    TeamMember.objects.create(project=project, post=post, duty="agent", starts_on=clock.today())


def move_its_plan(coordinator: Actor) -> None:
    PlanItem.objects.filter(project__code="P-1", key="completed").update(planned_end=date(2027, 1, 1))


def finish_its_plan(coordinator: Actor) -> None:
    PlanItem.objects.filter(project__code="P-2", key="started").update(state="done", ended_on=clock.today())


def change_the_enterprise(coordinator: Actor) -> None:
    new = Enterprise.objects.get(name="新来的有限公司")
    services.change_enterprise(actor=coordinator, enterprise_id=new.pk, contact_name="某人")


def name_the_enterprise(coordinator: Actor) -> None:
    new = Enterprise.objects.get(name="新来的有限公司")
    Project.objects.create(code="P-9", name="别的项目", enterprise=new, created_at=clock.now())


@pytest.mark.parametrize(
    "act", [change_it, hang_on_it, move_its_plan, finish_its_plan, change_the_enterprise, name_the_enterprise]
)
def test_undoing_is_refused_when_somebody_worked_on_a_row_since(district, coordinator, act) -> None:
    row = applied(coordinator, filled(coordinator))
    act(coordinator)
    here = snapshot()
    with pytest.raises(Conflict) as refused:
        services.undo_import(actor=coordinator, import_id=row.pk)
    assert refused.value.facts["by"]
    assert snapshot() == here


def test_who_changed_it_is_named(district, coordinator) -> None:
    row = applied(coordinator, filled(coordinator))
    change_it(coordinator)
    AuditEntry.objects.create(
        at=clock.now(), user=coordinator.user, act="change_project", object_kind="project", object_ref="P-1"
    )
    with pytest.raises(Conflict) as refused:
        services.undo_import(actor=coordinator, import_id=row.pk)
    assert "P-1" in refused.value.facts["by"][0]
    assert coordinator.user.name in refused.value.facts["by"][0]


def test_undoing_ends_after_a_day(district, coordinator) -> None:
    row = applied(coordinator, filled(coordinator))
    with clock.at(clock.now() + timedelta(hours=25)), pytest.raises(Conflict):
        services.undo_import(actor=coordinator, import_id=row.pk)


def test_one_bad_row_and_nothing_is_written(district, coordinator) -> None:
    before = snapshot()
    row = checked(
        coordinator, book(HEAD, ("P-1", "好的项目"), ("P-2", None), ("P-3", "坏的", None, None, "没有的单位"))
    )
    assert (row.state, len(row.changes)) == ("refused", 1)
    with pytest.raises(Conflict):
        services.apply_import(actor=coordinator, import_id=row.pk)
    assert snapshot() == before


def test_what_changed_between_check_and_apply_breaks_it_off(district, coordinator) -> None:
    from projects.services.imports import carry_on

    row = checked(coordinator, filled(coordinator))
    services.apply_import(actor=coordinator, import_id=row.pk)
    Project.objects.filter(code="P-1").update(name="刚改的")
    before = snapshot()
    carry_on(import_id=row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    assert snapshot() == before


def test_who_lost_the_post_after_the_click_writes_nothing(district, coordinator) -> None:
    from projects.services.imports import carry_on

    row = checked(coordinator, filled(coordinator))
    services.apply_import(actor=coordinator, import_id=row.pk)
    coordinator.user.posts.update(ends_at=clock.now())
    carry_on(import_id=row.pk)
    row.refresh_from_db()
    assert row.state == "failed"


def test_only_the_desk(district, officer) -> None:
    with pytest.raises(PermissionDenied):
        services.check_import(actor=officer, file=upload(book(HEAD)))


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    ("name", "data"),
    [("表.xlsx", b"no workbook"), ("表.csv", "项目编号,项目名称\n".encode()), ("表.xlsm", b"PK"), ("表.xlsx", b"")],
)
def test_what_is_no_workbook_is_refused_at_the_door(district, coordinator, name, data) -> None:
    with pytest.raises(ValidationError):
        services.check_import(actor=coordinator, file=upload(data, name))


@pytest.mark.usefixtures("sandboxed")
def test_a_sheet_without_headings_or_too_long_breaks_off(district, coordinator) -> None:
    assert checked(coordinator, book(("甲", "乙"), ("1", "2"))).state == "failed"
    long = book(HEAD[:2], *((f"P-{n}", "项目") for n in range(5_001)))
    assert checked(coordinator, long).state == "failed"


# The command ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sandboxed")
def test_the_command_checks_and_writes(district, tmp_path, capsys) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(book(HEAD, ("P-1", "云溪项目", "新来的有限公司"), ("P-2", "白沙项目")))
    before = snapshot()
    call_command("import_projects", str(path), "--dry-run")
    assert snapshot() == before
    assert not ProjectImport.objects.exists()
    call_command("import_projects", str(path))
    assert Project.objects.count() == 2
    path.write_bytes(book(HEAD, ("P-3", None)))
    with pytest.raises(CommandError):
        call_command("import_projects", str(path))
    assert "B2" in capsys.readouterr().err
    assert Project.objects.count() == 2


# Two thousand --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.django_db(transaction=True)
def test_two_thousand_with_their_plans_in_bounded_memory_with_progress(district, coordinator, monkeypatch) -> None:
    import resource

    from projects.imports import run
    from projects.services.imports import carry_on

    number = 2_000
    rows = [
        (f"P-{n}", f"第{n}号项目", f"第{n % 300}号公司", n, n / 2, "2026-03", "2027-06", None, "区级")
        for n in range(number)
    ]
    row = services.check_import(actor=coordinator, file=upload(book(FULL, *rows)))
    seen: list[tuple[str, int]] = []
    original = run._batches

    def watched(found):
        for batch in original(found):
            yield batch
            side = connection.copy()  # as another person's page sees it
            with side.cursor() as cursor:
                cursor.execute("SELECT state, done FROM projects_projectimport WHERE id = %s", [row.pk])
                seen.append(cursor.fetchone())
            side.close()

    monkeypatch.setattr(run, "_batches", watched)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = clock.now()
    carry_on(import_id=row.pk)
    services.apply_import(actor=coordinator, import_id=row.pk)
    carry_on(import_id=row.pk)
    assert clock.now() - started < timedelta(seconds=60)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024  # kB
    assert Project.objects.count() == number
    assert PlanItem.objects.count() == 2 * number
    assert [done for state, done in seen if state == "checking"] == [500, 1000, 1500, 2000]
    assert [done for state, done in seen if state == "applying"][-4:] == [500, 1000, 1500, 2000]
    services.undo_import(actor=coordinator, import_id=row.pk)
    assert not Project.objects.exists()
    assert not Enterprise.objects.exists()
