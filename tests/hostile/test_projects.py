"""The file of a project, its lists and its workbooks: whatever is typed into any of their texts is words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.actors import Actor
from accounts.roles import Role
from common import clock
from common.errors import ValidationError
from projects import services
from projects.models import Chain, Project
from projects.states import Criterion
from tests.cast import District
from tests.hostile import corpus, sheets
from tests.hostile.drive import UNSTORABLE, rolled_back, signed_in
from tests.hostile.skeleton import Page, difference, squeeze

PAGES = (
    "/app/projects/{code}/", "/app/projects/{code}/plan/", "/app/projects/{code}/promises/",
    "/app/projects/{code}/log/", "/app/projects/{code}/lead/", "/app/projects/{code}/history/",
    "/app/projects/{code}/investment/",
    "/app/projects/{code}/team/", "/app/projects/{code}/stages/", "/app/projects/?stage=all", "/app/leads/",
    "/app/approvals/?show=running", "/app/approvals/friday/", "/app/wall/", "/app/wall/?names=1",
    "/app/wall/?view=inspections", "/app/wall/?view=starts", "/app/chains/", "/app/enterprises/",
    "/app/enterprises/ledger/", "/app/investment/",
)  # fmt: skip
BOOKS = (
    "/app/projects/?stage=all&as=xlsx", "/app/projects/{code}/plan/?as=xlsx", "/app/projects/{code}/log/?as=xlsx",
    "/app/leads/?as=xlsx", "/app/approvals/friday/?as=xlsx", "/app/enterprises/ledger/?as=xlsx",
    "/app/investment/?as=xlsx", "/app/projects/{code}/investment/?as=xlsx",
)  # fmt: skip
ADDRESSES = (
    "/app/projects/{}/", "/app/projects/?q={}", "/app/projects/?stage={0}&unit={0}&light={0}&cursor={0}",
    "/app/leads/?q={0}&at={0}&least={0}&year={0}", "/app/approvals/?show={0}&unit={0}&step={0}&cursor={0}",
    "/app/approvals/friday/?day={}", "/app/investment/?month={}", "/app/wall/?view={}",
    "/app/enterprises/ledger/?without={}",
    "/api/v1/projects/?q={}", "/api/v1/projects/{}/", "/api/v1/projects/?ordering={}",
)  # fmt: skip


def told(words: list[str]) -> Callable[[int, int], str]:
    """``word(n, most)``: the n-th string, never blank, cut to ``most``."""
    kept = [one for one in words if one.strip() and not UNSTORABLE.search(one)] or ["字"]
    return lambda n, most=500: kept[n % len(kept)].strip()[:most] or "字"


def live(d: District, words: list[str]) -> Project:
    """A project with one of the strings in every text that people type."""
    desk, word, today = d.coordinator, told(words), clock.today()
    chain = Chain.objects.create(name=word(1, 100), adviser=word(2, 200), starts_on=today)
    firm = services.create_enterprise(
        actor=desk,
        name=word(3, 200),
        address=word(4, 200),
        channel=word(5, 200),
        contact_name=word(6, 100),
        town=d.town,
    )
    lead = services.register_lead(
        actor=desk, code="XS-1", name=word(0, 200), source=word(7, 200), contact_name=word(8, 100), enterprise=firm,
        investor=word(9, 200), content=word(0, 4000), industry=word(1, 100), place=word(2, 200), note=word(3, 4000),
        unit=d.water, fast_early=True, category="planned_start", chain=chain,
    )  # fmt: skip
    of, code = lead.project, lead.project.code
    services.record_first_talk(actor=desk, code=code, owner=d.officer.posts[0], on=today, text=word(4, 4000))
    scores = {one: (5, word(n)) for n, one in enumerate(Criterion.values)}
    services.evaluate(actor=desk, code=code, scores=scores, favourable=True, opinion=word(5))
    services.record_review(actor=desk, code=code, kind="safety", passed=True, text=word(6), unit=d.water)
    services.record_decision(
        actor=desk, code=code, tier="park", favourable=True, on=today, number=word(7, 64), text=word(8)
    )
    services.name_manager(actor=desk, code=code, post=d.leader.posts[0], reason=word(9))
    of.refresh_from_db()
    one = services.add_item(
        actor=desk, project_id=of.pk, kind="approval", key="filing", name=word(0, 100), unit=d.water, promised_days=3
    )
    services.start_item(actor=d.officer, item_id=one.pk, text=word(1))
    services.return_item(actor=d.officer, item_id=one.pk, text=word(2))
    task = services.add_item(actor=desk, project_id=of.pk, kind="task", name=word(3, 100), planned_end=today)
    later = {"planned_start": None, "planned_end": today + timedelta(days=9), "reason": word(4)}
    services.revise_item(actor=d.officer, item_id=task.pk, **later)
    promise = services.add_promise(
        actor=desk, project_id=of.pk, side="enterprise", text=word(5, 1000), clause=word(6, 100), due_on=today
    )
    services.check_promise(actor=desk, promise_id=promise.pk, on=today, result="kept", text=word(7, 1000))
    services.log_contact(actor=d.officer, project_id=of.pk, kind="call", on=today, text=word(8, 2000))
    services.plan_year(actor=desk, project_id=of.pk, year=today.year, amount=120, months={1: 10}, reason=word(9))
    return of


def looked_at(client: Client, code: str) -> dict[str, Any]:
    return {path: client.get(path.format(code=code)) for path in PAGES}


def faults(path: str, answer: Any, bones: set[str], name: str) -> list[str]:
    """Words may wrap into more lines than harmless ones; every element must still be one of ours."""
    if answer.status_code != 200:
        return [f"{path}: answered {answer.status_code}"]
    page = Page(answer.content)
    found = [f"{path}: {one}" for one in page.active()]
    found += [f"{path}: a new element: {one}" for one in sorted(set(page.skeleton) - bones)]
    if path in ("/app/projects/{code}/", "/app/projects/?stage=all") and squeeze(name) not in page.words:
        found.append(f"{path}: does not show {name!a}")
    return found


VOCABULARY: dict[str, set[str]] = {}  # of each page, with harmless words; learnt once a process


def vocabulary(d: District) -> dict[str, set[str]]:
    if not VOCABULARY:
        for harmless in (["安全用水"], ["安全用水" * 40], ["安\n全"]):
            with rolled_back():
                for path, answer in looked_at(signed_in(d.coordinator), live(d, harmless).code).items():
                    VOCABULARY.setdefault(path, set()).update(Page(answer.content).skeleton)
    return VOCABULARY


def walk(d: District, words: list[str]) -> list[str]:
    """The pages with the strings, against what they hold with harmless ones; and the workbooks."""
    bones, desk, found = vocabulary(d), signed_in(d.coordinator), list[str]()
    with rolled_back():
        made = live(d, words)
        for path, answer in looked_at(desk, made.code).items():
            found += faults(path, answer, bones[path], made.name)
        for path in BOOKS:
            wrong, _rows = sheets.faults_of_xlsx(desk.get(path.format(code=made.code)).content)
            # figures and days are numbers here
            found += [f"{path}: {one}" for one in wrong if not one.endswith(("is of kind n", "is of kind d"))]
    return found


# One string of each kind, as the first ten of a life begin with them: a project's whole life is long.
TYPED = (
    corpus.SCRIPT[0], corpus.ATTRIBUTE[9], corpus.ADDRESS[0], "=cmd|'/c calc'!A1", "{{ 7*7 }}{% debug %}", "𠮷䶮堃",
    "a\u202eb", "'; DROP TABLE projects_project; --", "%(name)s %s {0}", "../../etc/passwd",
)  # fmt: skip


def test_whatever_a_project_says_is_words(d: District) -> None:
    assert walk(d, list(TYPED)) == []


def test_no_address_breaks(d: District) -> None:
    desk = signed_in(d.coordinator)
    for address, one in product(ADDRESSES, ("\x00", "9" * 40, "-1", "0001", *TYPED[:4], "\ud800")):
        answer = desk.get(address.format(quote(one.encode("utf-8", "surrogatepass"), safe="")))
        assert answer.status_code < 500, (address, one)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            assert Page(answer.content).active() == [], (address, one)


def test_control_a_formula_would_run_without_the_guard(d: District, monkeypatch: pytest.MonkeyPatch) -> None:
    with rolled_back():
        made = live(d, ["=cmd|'/c calc'!A1"])
        monkeypatch.setattr("documents.sheets.harmless", str)
        answer = signed_in(d.coordinator).get("/app/projects/?stage=all&as=xlsx")
        cells = [cell.value for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]
        assert made.name in cells
        assert sheets.faults_of_xlsx(answer.content)[0]


def test_control_an_unescaped_name_is_noticed(d: District) -> None:
    page = b"<html><body><h1>%s</h1></body></html>"
    assert Page(page % b"<script>window.__pwned=1</script>").active()
    assert difference(Page(page % b"x").skeleton, Page(page % b"<b>x</b>").skeleton)


def test_texts_longer_than_their_column_are_refused_by_name(d: District) -> None:
    """A verb says which text is too long; the database never has to."""
    long, desk = "字" * 5000, d.coordinator
    of = live(d, ["字"])
    acts: dict[str, Callable[[Actor], object]] = {
        "record_decision": lambda a: services.record_decision(
            actor=a, code=of.code, tier="park", favourable=True, on=clock.today(), number=long
        ),
        "name_manager": lambda a: services.name_manager(
            actor=a, code=of.code, post=d.person("second", Role.LEADER, d.city).posts[0], reason=long
        ),
        "terminate": lambda a: services.terminate(actor=a, code=of.code, reason=long),
        "drop_item": lambda a: services.drop_item(actor=a, item_id=of.plan.first().pk, text=long),
    }
    for name, act in acts.items():
        with pytest.raises(ValidationError):
            act(desk)
        assert name
