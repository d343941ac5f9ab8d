"""Bulletin and red card notice of a published month: made once, from the frozen rows, corrected by a new version."""

from __future__ import annotations

import hashlib

import pytest

from accounts.models import Post
from accounts.roles import Role
from assessments import papers, services
from assessments.models import Card, Run
from common import clock
from documents import storage
from documents.models import Document
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(settings, tmp_path):
    """A published June with one red card."""
    settings.MEDIA_ROOT = tmp_path
    units = [f.unit("区市场监管局"), f.unit("区经信局"), f.unit("区水务局")]
    f.good(units[0], 6)
    f.clock(units[0], "07-05", "06-30")
    f.good(units[1], 5)
    f.good(units[2], 4)
    f.late(units[2], 3)
    f.rating(units[2], "06-05", "no", 2)
    f.event(f.issue(units[2], "WT2026-900001"), "send_back", "06-12")
    run = services.assess(month=MONTH, now=NOW)
    sign(run)
    return {"run": Run.objects.get(pk=run.pk), "units": units}


def sign(run: Run, at: str = "07-07 09:00") -> None:
    now = t(at)
    run.refresh_from_db()
    with clock.at(now):
        for verb, role in ((services.propose_publication, Role.COORDINATOR), (services.publish, Role.SUPERVISOR)):
            verb(run_id=run.pk, actor=f.person(role, f.unit()), data_sha256=run.data_sha256, now=now)


def test_contexts_are_plain_and_by_hand(month):
    context = papers.bulletin(month["run"])
    assert context["month_label"] == "2026年6月"
    assert context["totals"] | {"received": 0, "closed": 0, "open": 0} == {
        "received": 0, "closed": 0, "open": 0, "due": 19, "on_time": 16, "late": 3,
        "late_done": 0, "late_open": 3,
    }  # fmt: skip
    group = context["groups"][0]
    assert [(row["rank"], row["unit"], row["grade"], row["completion"]) for row in group["rows"]] == [
        (1, "区市场监管局", "优秀", "100.00"),
        (2, "区经信局", "合格", "100.00"),
        (3, "区水务局", "不合格", "57.14"),
    ]
    assert context["red_cards"] == [{"unit": "区水务局", "group": "部门组"}]
    assert context["rates"] == [
        {"name": "响应率", "numerator": 0, "denominator": 0, "value": None},
        {"name": "解决率", "numerator": 0, "denominator": 1, "value": "0.00"},
        {"name": "满意率", "numerator": 0, "denominator": 1, "value": "0.00"},
    ]
    card = next(card for card in context["scorecards"] if card["unit"] == "区水务局")
    # 40 · 4/7 of the weights 30, 20, 25 that have cases, minus one.
    assert (card["score"], card["sent_back"]) == ("21.86", 1)
    assert card["deductions"] == [{"ref": "WT2026-900001", "why": "退回重办", "points": "-1.00"}]
    notice = papers.red_card(Card.objects.get(run=month["run"]))
    assert notice["completion"] == {"met": 4, "due": 7, "value": "57.14"}
    assert (notice["rank"], notice["of"], len(notice["cases"])) == (3, 3, 3)
    assert notice["without_case"] is None
    sheets = notice["sheets"]
    assert [sheet["ref"] for sheet in sheets] == [case["ref"] for case in notice["cases"]]
    # Each opens into its days: from the start on, as many as the limit counts, and no written reason of anybody.
    for sheet, case in zip(sheets, notice["cases"], strict=True):
        marks = [cell["mark"] for week in sheet["weeks"] for cell in week if cell["day"]]
        counted = [mark for mark in marks if mark.startswith("第")]
        assert marks[0] == "起算"
        assert counted == [f"第{n}日" for n in range(1, len(counted) + 1)]
        assert set(marks) - set(counted) <= {"起算", "休", "休（端午节）"}
        _year, month_, day = map(int, case["due"].split("-"))
        assert [cell["day"] for cell in sheet["weeks"][-1] if cell["day"]][-1] == f"{month_}月{day}日"
        assert "版" in sheet["rule"]
        assert not any("逾期" in line for line in sheet["lines"])
    # Published on Tuesday 7 July: 3, 5 and 10 working days later.
    assert (notice["appeal"]["until"], notice["review_until"], notice["rectify_until"]) == (
        "2026-07-10", "2026-07-14", "2026-07-21",
    )  # fmt: skip


def test_papers_are_made_once_and_archived(month):
    """With the real press."""
    assert services.issue_papers(now=t("07-07 09:05")) == 2
    assert services.issue_papers(now=t("07-07 09:06")) == 0
    run, card = Run.objects.get(pk=month["run"].pk), Card.objects.get(run=month["run"])
    assert run.document.kind == Document.Kind.BULLETIN
    assert card.document.kind == Document.Kind.RED_CARD
    assert card.document.readers == [month["units"][2].pk]
    for document in (run.document, card.document):
        assert hashlib.sha256(storage.full(document.path).read_bytes()).hexdigest() == document.sha256


def test_only_published_months_have_papers(month, quick_papers):
    f.good(month["units"][0], 5, "07")
    services.assess(month="2026-07", now=t("08-01 06:00"))
    services.issue_papers(now=t("08-01 06:05"))
    assert set(Document.objects.values_list("period", flat=True)) == {MONTH}


def test_a_correction_replaces_the_papers_and_takes_back_the_notice(month, quick_papers):
    services.issue_papers(now=t("07-07 09:05"))
    first, card = Run.objects.get(pk=month["run"].pk), Card.objects.get(run=month["run"])
    coordinator = f.person(Role.COORDINATOR, f.unit())
    f.Clock.objects.filter(holder_unit=month["units"][2], met_at__isnull=True).update(met_at=t("06-29"))
    run = services.correct(month=MONTH, reason="三件的办结时间录错", now=t("07-08 09:00"), actor=coordinator)
    assert (run.version, run.state) == (2, "draft")
    sign(run, "07-20 09:00")
    services.issue_papers(now=t("07-20 09:05"))
    first.refresh_from_db()
    assert first.state == "replaced"
    assert Document.objects.get(pk=first.document_id).state == Document.State.CORRECTED
    assert Run.objects.get(pk=run.pk).document.replaces_id == first.document_id
    assert Document.objects.get(pk=card.document_id).state == Document.State.WITHDRAWN
    assert papers.bulletin(Run.objects.get(pk=run.pk))["correction"] == "三件的办结时间录错"


def test_one_that_fails_does_not_hold_up_the_others(month, quick_papers, monkeypatch):
    broken = papers.bulletin
    monkeypatch.setattr(papers, "bulletin", lambda run: broken(None))
    with pytest.raises(AttributeError):
        services.issue_papers(now=t("07-07 09:05"))
    assert Card.objects.get(run=month["run"]).document is not None
    monkeypatch.undo()
    assert services.issue_papers(now=t("07-07 09:06")) == 1


def test_whoever_signed_is_its_maker(month, quick_papers):
    services.issue_papers(now=t("07-07 09:05"))
    run = Run.objects.get(pk=month["run"].pk)
    assert run.document.created_by == run.published_by
    assert Post.objects.get(pk=run.published_by_id).role == Role.SUPERVISOR
