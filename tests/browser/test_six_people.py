"""The whole loop by six people at their browsers, against the real web server, worker, beat and mail.

Enterprise, coordinator, unit officer, the leader's service office, the enterprise again, supervisor: from the public
form through refusal, second assignment, signing, feedback, escalation, decision, proposal, send-back, second proposal,
verification and rating to closed. Then the public part once more with JavaScript off.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from issues import services
from issues.demo import cast
from issues.models import Event, Issue
from issues.services import chain
from notices.models import Delivery
from tests.browser.eyes import Eyes, Person
from tests.processes import free_port, wait_until

PASSWORD = "Six-people-2026"
TITLE = "三车间下午停水，影响冷却"
TEXT = "每天 14 点到 16 点水压低于 0.1 兆帕，冷却塔停机。找过水务集团，说要等管网改造。"


class Mailbox:
    """The contact's mail: a server on loopback that keeps what comes."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd calls it so
        self.letters.append(str(email.message_from_bytes(envelope.content, policy=modern).get_content()))
        return "250 OK"

    def link(self, number: str) -> str:
        """The path of the one-tap link in the letter about this issue."""
        found = [match for text in self.letters for match in re.findall(rf"/rate/{number}/\w+/", text)]
        return found[-1] if found else ""


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, dict[str, str]]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    smtp = "django.core.mail.backends.smtp.EmailBackend"  # the tests' own one keeps mail in the process
    yield box, {"EMAIL_BACKEND": smtp, "EMAIL_HOST": controller.hostname, "EMAIL_PORT": str(controller.port)}
    controller.stop()


@pytest.fixture
def district(transactional_db) -> cast.Cast:
    people = cast.build(PASSWORD)
    # The web server does not know the quick hash of the tests.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "six", iterations=1000))
    return people


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    photo, record = tmp_path / "现场照片.txt", tmp_path / "水压记录.txt"
    photo.write_text("水压表 0.08 兆帕")
    record.write_text("连续三天 0.31 兆帕")
    return {"photo": photo, "record": record}


def the_morning_comes() -> None:
    """Letters wait out evenings and weekends; the test has no time for that."""
    Delivery.objects.filter(sent_at__isnull=True).update(not_before=timezone.now())


def test_six_people_close_the_loop(district, processes, browser, mailbox, papers):
    box, mail = mailbox
    eyes = Eyes(browser, processes.web())
    processes.worker(**mail)
    processes.beat()
    with eyes.person("enterprise") as enterprise:
        number = reports(enterprise, papers)
        issue = Issue.objects.get(number=number)
        with (
            eyes.person("coordinator") as coordinator,
            eyes.person("officer-a") as refusing,
            eyes.person("officer-b") as handling,
            eyes.person("office") as office,
        ):
            gives_to_the_wrong_unit(coordinator, issue)
            refuses(refusing, issue)
            gives_to_the_right_unit(coordinator, issue)
            signs_and_feeds_back(handling, issue)
            enterprise.goes_to(f"/track/{number}/").reads("周四上午到现场", "区水务局").looks("track-handling")
            escalates(handling, issue)
            decides(office, issue)
            carries_out_and_proposes(handling, issue, papers)
            coordinator.goes_to(page(issue)).looks("issue-proposed")
            acts(coordinator, issue, "send_back", "退回重办", reason="补三天的水压记录")
            acts(
                handling,
                issue,
                "propose",
                "申请销号",
                outcome="solved",
                account="已补三天水压记录，均在 0.3 兆帕以上。",
            )
            acts(coordinator, issue, "verify", "核实", text="电话问过顾工，三天没有停水")
        rates(enterprise, issue, box)
    with eyes.person("supervisor") as supervisor:
        looks_back(supervisor, issue)
    issue.refresh_from_db()
    assert (issue.state, issue.solved, issue.satisfaction, issue.round, issue.layer) == ("closed", "yes", 5, 2, 2)
    kinds = list(Event.objects.filter(issue=issue).order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "submit", "assign", "refuse", "assign", "sign", "feed_back", "escalate", "decide", "decision_feedback",
        "propose", "send_back", "propose", "verify", "rate",
    ]  # fmt: skip
    assert chain.verify_chain(issue_id=issue.pk) == (len(kinds), None)
    assert eyes.faults == []


# --- what each of them does ------------------------------------------------------------------------------------------


def page(issue: Issue) -> str:
    return f"/app/issues/{issue.number}/"


def acts(person: Person, issue: Issue, action: str, button: str, **fields: Any) -> None:
    """From the page of the issue to the form of the action, filled in and sent; back on the page of the issue."""
    person.goes_to(page(issue))
    link = person.main.locator(f'a[href$="/{issue.number}/{action}/"]').first
    if not link.is_visible():
        person.main.locator("details.more > summary").first.click()
    link.click()
    person.arrives(f"**/{action}/")
    person.fills(**fields).looks(action).presses(button)
    person.arrives(f"**{page(issue)}")
    person.reads("已办：")


def reports(person: Person, papers: dict[str, Path]) -> str:
    person.goes_to("/").looks("front-page").follows("反映问题")
    person.looks("form").presses("提交").looks("form-mistakes")
    person.fills(title=TITLE, text=TEXT, name="顾工", phone="13800000001", enterprise="江澜精密制造有限公司")
    more = person.main.locator("details.fold")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    person.fills(files=papers["photo"], urgency="urgent", email="gu@example.test", place="经开区滨港路 8 号")
    person.looks("form-filled").presses("提交")
    person.arrives("**/submit/done/")
    number, code = (text.strip() for text in person.main.locator(".code").all_inner_texts())
    person.looks("receipt").presses("我已记下，关闭")
    person.looks("track").fills(number=number, code="AAAA-BBBB").presses("打开")
    person.reads("对不上").looks("track-wrong").fills(number=number, code=code.lower()).presses("打开")
    person.arrives(f"**/track/{number}/")
    person.reads(TITLE, "交给承办单位", "现场照片.txt").looks("track-submitted")
    return number


def gives_to_the_wrong_unit(person: Person, issue: Issue) -> None:
    person.signs_in("coordinator", PASSWORD).reads(TITLE).looks("inbox")
    person.goes_to("/app/issues/").reads(TITLE).looks("list")
    person.goes_to("/app/triage/").reads(TITLE).looks("triage")
    person.goes_to(page(issue)).looks("issue-submitted")
    acts(person, issue, "assign", "交办", category="供水", urgency="normal", difficulty="normal", unit="CGJ")


def refuses(person: Person, issue: Issue) -> None:
    person.signs_in("officer_cgj", PASSWORD).reads(TITLE).looks("inbox")
    person.goes_to(page(issue)).looks("issue-assigned")
    acts(person, issue, "refuse", "退单", reason="供水管网由水务部门主管", clause="三定方案第四条", unit="SWJ")


def gives_to_the_right_unit(person: Person, issue: Issue) -> None:
    person.goes_to(page(issue)).reads("供水管网由水务部门主管").looks("issue-refused")
    acts(person, issue, "assign", "交办", category="供水", urgency="normal", difficulty="normal", unit="SWJ")


def signs_and_feeds_back(person: Person, issue: Issue) -> None:
    person.signs_in("unit_officer", PASSWORD).reads(TITLE).looks("inbox")
    acts(person, issue, "sign", "签收", handler="程一苇")
    acts(person, issue, "feed_back", "反馈", text="周四上午到现场看管网，请派一位同志参加。", public=True)
    person.looks("issue-handling")


def escalates(person: Person, issue: Issue) -> None:
    acts(person, issue, "escalate", "提请协调", text="加压泵费用谁出，请区领导定。")


def decides(person: Person, issue: Issue) -> None:
    person.signs_in("service_office", PASSWORD).reads(TITLE).looks("inbox")
    person.goes_to(page(issue)).looks("issue-coordinating")
    acts(person, issue, "decide", "作出决定", text="费用由水务局先行垫付，十日内装泵。", unit="SWJ")


def carries_out_and_proposes(person: Person, issue: Issue, papers: dict[str, Path]) -> None:
    decision = issue.decisions.get()
    person.goes_to("/app/decisions/").looks("decisions")
    person.goes_to(f"/app/decisions/{decision.pk}/").fills(text="泵已装好，试运行正常。", done=True)
    person.looks("decision").main.locator("form button.btn--primary").click()
    acts(
        person, issue, "propose", "申请销号", outcome="solved", account="已装加压泵，水压恢复到 0.3 兆帕。",
        files=papers["record"],
    )  # fmt: skip


def rates(person: Person, issue: Issue, box: Mailbox) -> None:
    """By the link of the letter; a look at it does nothing."""
    the_morning_comes()
    wait_until(lambda: box.link(issue.number), 60, lambda: f"no letter with a link: {box.letters}")
    person.goes_to(f"/track/{issue.number}/").reads("已补三天水压记录").looks("track-rating")
    person.goes_to(box.link(issue.number)).reads("已补三天水压记录").looks("rate")
    issue.refresh_from_db()
    assert issue.state == "rating"
    person.presses("提交").looks("rate-mistakes")
    person.fills(solved="yes", satisfaction="5", text="这次很快").presses("提交")
    person.reads("谢谢", "解决了，很满意").looks("rated")
    person.goes_to(f"/track/{issue.number}/").reads("已销号").looks("track-closed")


def looks_back(person: Person, issue: Issue) -> None:
    person.signs_in("supervisor", PASSWORD).looks("inbox")
    person.goes_to("/app/issues/?state=closed").looks("list")
    person.goes_to(page(issue)).reads(TITLE, "费用由水务局先行垫付", "补三天的水压记录").looks("issue-closed")
    person.goes_to(f"{page(issue)}reopen/").looks("reopen")


# --- the public part without JavaScript -----------------------------------------------------------------------------


def test_the_public_part_needs_no_javascript(district, processes, browser, papers):
    eyes = Eyes(browser, processes.web())
    with eyes.person("no-script", javascript=False) as person:
        number = reports(person, papers)
        issue = Issue.objects.get(number=number)
        supplements(person, district, issue)
        joins_the_end(person, district, issue)
        person.goes_to("/rankings/").goes_to("/v/").goes_to("/")
        person.page.get_by_role("button", name="大字版").click()
        person.looks("large-text")
    assert eyes.faults == []


def supplements(person: Person, district: cast.Cast, issue: Issue) -> None:
    do("return", issue, district.people["coordinator"], text="请说明是哪台冷却塔")
    person.goes_to(f"/track/{issue.number}/").reads("请说明是哪台冷却塔").follows("补充情况")
    person.fills(text="二号塔").looks("supplement").presses("提交")
    person.reads("已经收到，继续办理", "二号塔")


def joins_the_end(person: Person, district: cast.Cast, issue: Issue) -> None:
    """Staff do their part by the verbs; the submitter is not satisfied, and says why."""
    coordinator, officer = district.people["coordinator"], district.people["unit_officer"]
    do("assign", issue, coordinator, category="供水", urgency="normal", difficulty="normal", unit="SWJ")
    do("sign", issue, officer)
    do("propose", issue, officer, outcome="partly", account="先调高了泵压")
    do("verify", issue, coordinator, text="电话核实")
    person.goes_to(f"/track/{issue.number}/").follows("评价")
    person.fills(solved="no", satisfaction="1").presses("提交")
    person.reads("哪里不满意").fills(text="昨天又停了两小时").looks("rate").presses("提交")
    person.reads("没有解决，很不满意", "昨天又停了两小时")
    issue.refresh_from_db()
    assert issue.state == "disputed"


def do(action: str, issue: Issue, actor: Actor, **fields: Any) -> None:
    verb, _fields = services.ACTIONS[action]
    verb(issue_id=issue.pk, actor=actor, **fields)
