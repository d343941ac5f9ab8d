"""One project from the lead to operation through every gate: blocked and mended, overridden once, with two managers,
handed over when a leader leaves. Each page is looked at in two widths."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.actors import SYSTEM
from accounts.models import Post, Unit, User
from accounts.services import create_post
from common import clock
from issues.demo import cast
from projects import services
from projects.models import PlanItem, Project, StageChange
from projects.states import Criterion
from tests.browser.eyes import Eyes, Person

PASSWORD = "Whole-life-2026"
CODE, NAME = "ZS2026-001", "江澜精密高端数控机床及核心功能部件智能制造基地项目"
AT = f"/app/projects/{CODE}/"


@pytest.fixture
def district(transactional_db) -> cast.Cast:
    people = cast.build(PASSWORD)
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "life", iterations=1000))
    return people


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    paper = tmp_path / "投资协议（签字版）.txt"
    paper.write_text("甲方：临江区人民政府")
    return paper


def test_from_lead_to_operation(district, processes, browser, agreement):
    eyes = Eyes(browser, processes.web())
    with eyes.person("coordinator") as coordinator, eyes.person("leader") as leader:
        coordinator.signs_in("coordinator", PASSWORD)
        leader.signs_in("leader", PASSWORD)
        registers(coordinator)
        is_blocked_and_mends(coordinator)
        evaluates(coordinator)
        asks_the_leader(coordinator, leader)
        reviews_and_decides(coordinator)
        names_people(coordinator)
        signs(coordinator, agreement)
        passes_without_the_permit(coordinator)
        builds_and_produces(coordinator)
        leader_leaves(coordinator, leader)
    project = Project.objects.get(code=CODE)
    assert (project.stage, project.managers.filter(ends_on__isnull=True).count()) == ("operation", 2)
    steps = StageChange.objects.filter(project=project).order_by("id")
    assert [(step.to_stage, step.missing) for step in steps] == [
        ("negotiation", []), ("signing", []), ("construction", ["construction_permit"]), ("production", []),
        ("operation", []),
    ]  # fmt: skip
    assert eyes.faults == []


# --- what each of them does ------------------------------------------------------------------------------------------


def post(username: str) -> str:
    return str(Post.objects.current().get(user__username=username).pk)


def unit(code: str) -> str:
    return str(Unit.objects.get(code=code).pk)


def acts(person: Person, path: str, button: str, *, look: str = "", **fields: object) -> None:
    """The form at ``path``, filled in and sent."""
    person.goes_to(AT + path).fills(**fields)
    if look:
        person.looks(look)
    person.presses(button)
    person.main.get_by_role("status").wait_for()
    assert not person.page.url.endswith(path), person.main.inner_text()


def advances(person: Person, stage: str) -> None:
    person.goes_to(f"{AT}stages/").presses(f"进入“{stage}”")
    person.main.get_by_role("status").wait_for()
    person.reads(f"项目已进入“{stage}”阶段")


def is_held_before(person: Person, stage: str) -> None:
    person.goes_to(f"{AT}stages/").presses(f"进入“{stage}”")
    person.main.get_by_role("alert").wait_for()


def registers(person: Person) -> None:
    person.goes_to("/app/leads/new/").presses("登记")
    person.main.get_by_text("有几处需要改").wait_for()
    person.looks("lead-mistakes").fills(
        code=CODE,
        name=NAME,
        source="长三角招商推介会",
        total_investment="120000",
        unit=unit("JKQ"),
        contact_name="顾工",
        contact_phone="13800000001",
    ).presses("登记")
    person.arrives(f"**{AT}lead/")
    person.reads("尚未完成", "项目评估").looks("lead")
    person.goes_to("/app/leads/").reads(NAME, "待确定首接责任人").looks("leads")


def is_blocked_and_mends(person: Person) -> None:
    is_held_before(person, "洽谈")
    person.reads("进入下一阶段的条件尚未齐备", "已确定首接服务责任人").looks("blocked")
    person.follows("已确定首接服务责任人").arrives("**/first-talk/")
    person.fills(owner=post("specialist"), on=str(clock.today()), text="来区考察两次，拟建三条产线。").looks(
        "first-talk"
    )
    person.presses("保存").arrives(f"**{AT}lead/")
    advances(person, "洽谈")


def evaluates(person: Person) -> None:
    scores = dict.fromkeys(Criterion.values, "8") | {f"{one}_reason": "专家组现场核验" for one in Criterion.values}
    acts(person, "lead/evaluate/", "完成评估", look="evaluate", **scores, favourable="yes", opinion="同意推进。")
    acts(person, "lead/brief/", "保存")


def asks_the_leader(coordinator: Person, leader: Person) -> None:
    acts(coordinator, "lead/park/", "征求意见", park=unit("JKQ"), leader=post("leader"))
    leader.goes_to("/app/my-projects/").reads("落地园区待您同意", "招商专报待您签署意见").looks("mine")
    leader.follows("落地园区待您同意").arrives("**/park/answer/")
    leader.fills(consent="yes").looks("park-answer").presses("答复")
    leader.arrives(f"**{AT}lead/")
    acts(leader, "lead/opinion/", "保存", text="请经开区两周内落实用地指标。")


def reviews_and_decides(person: Person) -> None:
    said = {"unit": unit("HBJ"), "text": "符合园区规划环评"}
    for kind in ("environment", "energy", "safety"):
        acts(person, "lead/review/", "保存", kind=kind, passed="no" if kind == "safety" else "yes", **said)
    is_held_before(person, "签约")
    person.reads("安全联合预审未被否决", "按投资额应上的会议已研究同意")
    acts(person, "lead/review/", "保存", kind="safety", passed="yes", **said)
    acts(
        person, "lead/decision/", "保存", look="decision", tier="standing", favourable="yes", number="〔2026〕3号",
        on=str(clock.today()),
    )  # fmt: skip
    person.goes_to(f"{AT}lead/").reads("一票否决", "区委常委会").looks("lead-full")
    advances(person, "签约")


def names_people(person: Person) -> None:
    acts(person, "team/manager/", "任命", post=post("leader"), reason="区委常委会议定")
    person.reads("建议增配一名项目经理").looks("one-manager")
    cadre = {"post": post("unit_head"), "leader": post("leader2")}
    acts(person, "team/manager/", "任命", look="name-manager", **cadre)
    acts(person, "team/member/", "加入专班", post=post("specialist"), duty="specialist")
    person.looks("team")


def signs(person: Person, agreement: Path) -> None:
    person.goes_to(AT).follows("变更项目信息").arrives("**/change/")
    person.fills(
        lead_unit=unit("JXJ"), level="city", fast_promise=True, parcels="BG-03 45.6 报批中", content="三条产线。"
    )
    person.looks("change").presses("保存")
    person.arrives(f"**{AT}")
    acts(person, "days/signed_on/", "登记", on=str(clock.today() - timedelta(days=1)))
    acts(person, "files/add/", "上传", kind="agreement", file=agreement)
    person.reads("投资协议（签字版）.txt").looks("files")


def passes_without_the_permit(person: Person) -> None:
    person.goes_to(f"{AT}stages/").reads("已取得施工许可").looks("stages")
    acts(person, "stages/override/", "放行", look="override", reason="先建后验，许可证本周内核发")
    person.reads("先建后验").goes_to(AT).reads("条件未齐备经批准放行", "BG-03").looks("overview")


def builds_and_produces(person: Person) -> None:
    project = Project.objects.get(code=CODE)
    item = services.add_item(
        actor=SYSTEM, project_id=project.pk, kind="approval", key="joint_acceptance", name="联合验收"
    )
    services.start_item(actor=SYSTEM, item_id=item.pk)
    services.finish_item(actor=SYSTEM, item_id=item.pk)
    assert PlanItem.objects.get(pk=item.pk).state == "done"
    advances(person, "竣工投产")
    acts(person, "days/capacity_on/", "登记", on=str(clock.today()))
    acts(person, "days/capacity_on/correct/", "更正", on=str(clock.today() - timedelta(days=1)), reason="按验收报告")
    advances(person, "运营")


def leader_leaves(coordinator: Person, leader: Person) -> None:
    """The post ends and all that hangs on it goes to an heir who is no manager of the project yet, in one act."""
    create_post(
        actor=SYSTEM, user=User.objects.get(username="leader3"), role="leader", unit=Unit.objects.get(code="JXJ")
    )
    with coordinator.eyes.person("security") as security:
        security.signs_in("security_admin", PASSWORD)
        security.goes_to(f"/app/people/-/posts/{post('leader')}/end/").reads(NAME).looks("end-post")
        heir = Post.objects.current().filter(user__username="leader3").order_by("pk")[0]
        security.fills(heir=str(heir.pk)).presses("立即免职")
        security.arrives("**/app/people/leader/")
    coordinator.goes_to(f"{AT}team/").reads("离任移交", heir.user.name).looks("handed-over")
    coordinator.goes_to(f"{AT}history/").reads("条件未齐备放行", "更正项目关键日期").looks("history")
    coordinator.goes_to("/app/projects/").reads(NAME).looks("projects")
    leader.page.goto(AT)
    assert leader.page.locator("h1").inner_text() != NAME
