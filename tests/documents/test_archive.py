"""Numbers without gaps, bytes that never change, corrections, sign-off, withdrawal, downloads."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry
from accounts.roles import Role
from common.errors import Conflict, NotVisible
from documents import rendering, storage
from documents.enclosures import SUMS, Json, Sheet
from documents.models import Document, Download, NumberSeries
from documents.services import archive
from documents.source import Source
from tests.documents import pdf, samples
from tests.documents.conftest import AT, make_actor, make_unit

pytestmark = pytest.mark.django_db


def fake(template: str, context: dict[str, Any], **more: Any) -> rendering.Rendered:
    """The press takes seconds; here only what is filed counts. The bytes hold all that would be printed."""
    body = repr((template, context, more["at"], more["qr"], [one.data for one in more["enclosures"]])).encode()
    return rendering.Rendered(b"%PDF-1.7\n" + body, 1, {}, [])


@pytest.fixture
def press(monkeypatch) -> None:
    monkeypatch.setattr(rendering, "render", fake)


def issue(**changes: Any) -> Document:
    given: dict[str, Any] = {
        "actor": SYSTEM,
        "kind": Document.Kind.BULLETIN,
        "title": "关于2026年10月涉企问题办理情况的通报",
        "organ": "临江区优化营商环境工作领导小组办公室",
        "number_series": "临通报",
        "year": 2026,
        "template": "assessments/papers/bulletin.html",
        "context": samples.bulletin(),
        "csvs": [Sheet("清单.csv", ["单位"], [["甲"]], "清单"), Json("口径.json", {"版本": 1})],
        "period": "2026-10",
        "source_kind": "run",
        "source_id": 1,
        "at": AT,
    }
    return archive.issue(**(given | changes))


def sign_off(actor: Actor, document: Document, **changes: Any) -> Document:
    given = {"official_number": "临府办〔2026〕77号", "issued_on": date(2026, 11, 9), "at": AT} | changes
    return archive.record_official_number(actor=actor, document_id=document.pk, **given)


# Numbers ------------------------------------------------------------------------------------------------------------


def test_a_paper_is_numbered_and_archived(press, media):
    made = issue(unit_id=make_unit("A").pk)
    assert (made.number, made.version, made.state) == ("临通报〔2026〕1号", 1, "valid")
    assert (made.issued_on, made.period, made.created_at) == (date(2026, 11, 5), "2026-10", AT)
    data = storage.full(made.path).read_bytes()
    assert (made.size, made.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert len(made.code) == 22
    listed = Source.of(made).enclosures[-1]
    assert listed.name == SUMS
    assert made.data_sha256 == hashlib.sha256(listed.data).hexdigest()
    assert made.source_sha256 == storage.sha256(made.path.replace(".pdf", ".json"))
    assert AuditEntry.objects.get(act="issue").object_ref == made.number


def test_series_and_years_count_apart(press):
    numbers = [
        issue(source_id=n, number_series=series, year=year).number
        for n, (series, year) in enumerate([("临通报", 2026), ("临红牌", 2026), ("临通报", 2026), ("临通报", 2027)])
    ]
    assert numbers == ["临通报〔2026〕1号", "临红牌〔2026〕1号", "临通报〔2026〕2号", "临通报〔2027〕1号"]


def test_a_paper_that_fails_leaves_no_gap(press, monkeypatch):
    issue(source_id=1)
    monkeypatch.setattr(rendering, "render", lambda *a, **k: (_ for _ in ()).throw(rendering.RenderingError("time")))
    with pytest.raises(rendering.RenderingError):
        issue(source_id=2)
    monkeypatch.setattr(rendering, "render", fake)
    assert issue(source_id=3).number == "临通报〔2026〕2号"
    assert NumberSeries.objects.get().last == 2


@pytest.mark.django_db(transaction=True)
def test_papers_made_at_once_get_each_its_number(press, monkeypatch):
    gate = threading.Barrier(4)

    def make(n: int) -> str:
        gate.wait()
        try:
            return issue(source_id=n).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(make, range(1, 5)))
    assert numbers == {f"临通报〔2026〕{n}号" for n in range(1, 5)}


@pytest.mark.django_db(transaction=True)
def test_a_second_try_finds_the_first_paper(press):
    gate = threading.Barrier(3)

    def make(_: int) -> int:
        gate.wait()
        try:
            return issue(source_id=7).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(make, range(3)))) == 1
    assert Document.objects.count() == NumberSeries.objects.get().last == 1


def test_the_database_too_refuses_a_second_valid_paper_of_a_source(press):
    made = issue()
    made.pk, made.number, made.code, made.path = None, "x", "y", "z"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


# Corrections, sign-off, withdrawal ----------------------------------------------------------------------------------


def test_a_correction_takes_a_new_number_and_marks_the_old_one(press):
    old = issue()
    before = storage.sha256(old.path)
    new = issue(source_id=2, replaces=old, reason="一件事项的办结时间有误")
    old.refresh_from_db()
    assert (old.state, old.reason) == ("corrected", "一件事项的办结时间有误")
    assert (new.number, new.replaces, old.newest()) == ("临通报〔2026〕2号", old, new)
    assert storage.sha256(old.path) == before
    with pytest.raises(Conflict):
        issue(source_id=3, replaces=old)
    assert NumberSeries.objects.get().last == 2


def test_the_official_number_makes_a_signed_off_copy(press, coordinator):
    draft = issue()
    before = storage.sha256(draft.path)
    copy = sign_off(coordinator, draft)
    draft.refresh_from_db()
    assert (copy.number, copy.version, copy.official_number) == (draft.number, 2, "临府办〔2026〕77号")
    assert (copy.shown_number, copy.issued_on, copy.data_sha256) == (
        "临府办〔2026〕77号",
        date(2026, 11, 9),
        draft.data_sha256,
    )
    assert (draft.state, draft.newest()) == ("corrected", copy)
    assert storage.sha256(draft.path) == before
    assert copy.code != draft.code
    assert Source.of(copy).context == Source.of(draft).context
    assert (Source.of(draft).paper["draft"], Source.of(copy).paper["draft"]) == (True, False)
    assert Document.objects.last_versions().get() == Document.objects.numbered(draft.number) == copy
    assert issue().pk == copy.pk  # the worker's second try


def test_only_a_valid_draft_is_signed_off(press, coordinator):
    draft = issue()
    copy = sign_off(coordinator, draft)
    for document in (draft, copy):
        with pytest.raises(Conflict):
            sign_off(coordinator, document)


@pytest.mark.parametrize("number", ["", "   ", "长" * 61, "临府办\u202e〔2026〕1号"])
def test_an_official_number_is_one(press, coordinator, number):
    with pytest.raises(ValidationError):
        sign_off(coordinator, issue(), official_number=number)


def test_a_withdrawn_paper_stays_and_says_so(press, coordinator, media):
    made = issue()
    with pytest.raises(ValidationError):
        archive.withdraw(actor=coordinator, document_id=made.pk, reason=" ", at=AT)
    archive.withdraw(actor=coordinator, document_id=made.pk, reason="发错对象", at=AT)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("withdrawn", "发错对象")
    assert storage.full(made.path).exists()
    with pytest.raises(Conflict):
        archive.withdraw(actor=coordinator, document_id=made.pk, reason="再次", at=AT)
    assert AuditEntry.objects.get(act="withdraw").detail == {"reason": "发错对象"}
    assert issue(source_id=1).number == "临通报〔2026〕2号"  # the source may have a new paper now


def test_who_may_take_a_paper_back(press, coordinator, officer, unit, office):
    made = issue(unit_id=unit.pk, readers=[unit.pk])
    with pytest.raises(PermissionDenied):
        archive.withdraw(actor=officer, document_id=made.pk, reason="x", at=AT)
    stranger = make_actor(Role.UNIT_OFFICER, make_unit("B"))
    with pytest.raises(NotVisible):
        archive.withdraw(actor=stranger, document_id=made.pk, reason="x", at=AT)
    # nobody acts on a paper about a unit in which they hold a post
    own = issue(source_id=2, unit_id=office.pk)
    with pytest.raises(PermissionDenied):
        archive.withdraw(actor=coordinator, document_id=own.pk, reason="x", at=AT)
    supervisor = make_actor(Role.SUPERVISOR, make_unit("SUP"))
    assert archive.withdraw(actor=supervisor, document_id=own.pk, reason="x", at=AT).state == "withdrawn"


# Who sees -----------------------------------------------------------------------------------------------------------


def seen(actor: Actor) -> set[int]:
    return set(Document.objects.visible_to(actor).values_list("pk", flat=True))


def test_readers_are_kept_to(press, unit, officer, coordinator):
    for_all, for_one = issue().pk, issue(source_id=2, kind="red_card", readers=[unit.pk]).pk
    other = make_actor(Role.UNIT_HEAD, make_unit("B"))
    assert seen(coordinator) == seen(officer) == seen(SYSTEM) == {for_all, for_one}
    assert seen(other) == {for_all}
    assert seen(make_actor(Role.ENTERPRISE)) == seen(make_actor(Role.OBSERVER)) == set()
    assert seen(make_actor(Role.SYSTEM_ADMIN, unit)) == set()
    assert seen(make_actor(Role.AUDITOR, unit)) == {for_all, for_one}
    assert seen(Actor()) == set()


# The real press ------------------------------------------------------------------------------------------------------


def test_from_the_figures_to_the_signed_off_pdf(coordinator, client):
    """The whole way once, with the real press: made again it is the same, and a changed file is not handed out."""
    draft = issue()
    data = storage.full(draft.path).read_bytes()
    assert archive.reproduce(draft) == data
    files = pdf.enclosures(data)
    assert set(files) == {"清单.csv", "口径.json", SUMS}
    assert hashlib.sha256(files[SUMS]).hexdigest() == draft.data_sha256
    said = "".join(pdf.text(data).split())
    assert draft.data_sha256 in said
    assert draft.code in said
    assert "送审稿" in said
    copy = sign_off(coordinator, draft)
    signed = "".join(pdf.text(storage.full(copy.path).read_bytes()).split())
    assert "送审稿" not in signed
    assert "临府办〔2026〕77号" in signed
    assert "2026年11月9日" in signed
    client.force_login(coordinator.user)
    response = client.get(f"/app/documents/{copy.pk}/download/")
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == copy.sha256
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    assert Download.objects.get().document == copy
    path = storage.full(copy.path)
    flipped = bytearray(path.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    path.write_bytes(flipped)
    assert client.get(f"/app/documents/{copy.pk}/download/").status_code == 409
    assert Download.objects.count() == 1
    assert AuditEntry.objects.filter(act="download", result="failed").count() == 1


# Pages --------------------------------------------------------------------------------------------------------------


def test_the_library_shows_what_one_may_read(press, client, unit, officer):
    issue(title="给所有人的通报")
    issue(source_id=2, kind="red_card", title="给他人的红牌", readers=[make_unit("B").pk], period="2026-09")
    client.force_login(officer.user)
    page = client.get("/app/documents/").content.decode()
    assert "给所有人的通报" in page
    assert "给他人的红牌" not in page
    assert "给所有人的通报" in client.get("/app/documents/?kind=bulletin&month=2026-10").content.decode()
    assert "给所有人的通报" not in client.get("/app/documents/?kind=red_card").content.decode()
    assert "给所有人的通报" not in client.get("/app/documents/?month=2026-09").content.decode()
    assert client.get("/app/documents/?month=x&kind=y").status_code == 200


def test_what_is_not_ones_own_is_not_there(press, client, officer):
    hidden = issue(readers=[make_unit("B").pk])
    client.force_login(officer.user)
    for path in ("", "download/", "withdraw/", "official-number/"):
        assert client.get(f"/app/documents/{hidden.pk}/{path}").status_code == 404
    assert not Download.objects.exists()


def test_the_office_signs_off_and_withdraws_on_pages(press, client, coordinator):
    draft = issue()
    client.force_login(coordinator.user)
    page = client.get(f"/app/documents/{draft.pk}/").content.decode()
    assert f"/app/documents/{draft.pk}/official-number/" in page
    bad = client.post(f"/app/documents/{draft.pk}/official-number/", {"official_number": "", "issued_on": ""})
    assert bad.status_code == 422
    sent = {"official_number": "临府办〔2026〕77号", "issued_on": "2026-11-09"}
    done = client.post(f"/app/documents/{draft.pk}/official-number/", sent)
    copy = Document.objects.get(version=2)
    assert done["Location"] == f"/app/documents/{copy.pk}/"
    assert "临府办〔2026〕77号" in client.get(f"/app/documents/{draft.pk}/").content.decode()
    assert client.post(f"/app/documents/{draft.pk}/official-number/", sent).status_code == 409
    assert client.post(f"/app/documents/{copy.pk}/withdraw/", {"reason": "发错对象"}).status_code == 302
    assert "发错对象" in client.get(f"/app/documents/{copy.pk}/").content.decode()


def test_the_library_asks_a_fixed_number_of_questions(press, client, coordinator, django_assert_max_num_queries):
    client.force_login(coordinator.user)
    client.get("/app/documents/")
    for n in range(12):
        issue(source_id=n, unit_id=make_unit(f"U{n}").pk)
    with django_assert_max_num_queries(12):
        client.get("/app/documents/")
