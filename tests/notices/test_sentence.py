"""sentence: what a notice says, from its word, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from common import clock
from notices import messages
from notices.messages import sentence
from notices.models import Kind, Notice


def notice(word: str, *, due: str = "2026-11-20 18:00", kind: str = Kind.BREACH) -> Notice:
    due_at = clock.parse(due) if due else None
    return Notice(word=word, kind=kind, ref="WT2026-000001", path="/", due_at=due_at)


@pytest.fixture(autouse=True)
def _own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_sentences", dict(messages._sentences))
    monkeypatch.setattr(messages, "_parts", {"feedback": "首次反馈"})


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("day_before.feedback", "WT2026-000001：首次反馈下一工作日到期，应于 2026年11月20日（周五）18:00 前完成"),
        ("due_day.feedback", "WT2026-000001：首次反馈今日到期，应于 2026年11月20日（周五）18:00 前完成"),
        ("breach.feedback", "WT2026-000001：首次反馈已逾期，应于 2026年11月20日（周五）18:00 前完成"),
        ("escalate.feedback", "WT2026-000001：首次反馈已逾期 3 个工作日，应于 2026年11月20日（周五）18:00 前完成"),
        (
            "candidate.feedback",
            "WT2026-000001：首次反馈已逾期 5 个工作日，列为红牌候选，应于 2026年11月20日（周五）18:00 前完成",
        ),
    ],
)
def test_the_rungs(word: str, says: str) -> None:
    with clock.at(clock.parse("2027-01-04 10:00")), translation.override("zh-hans"):
        assert sentence(notice(word)) == says
    with clock.at(clock.parse("2026-11-20 10:00")), translation.override("en"):
        assert sentence(notice(word)).endswith("Fri 20 Nov, 18:00")


def test_registered_words_come_first() -> None:
    messages.register("assign", "%(ref)s assigned, %(due)s")
    messages.register("breach.feedback", "%(part)s!")
    messages.register("moved", "%(part)s moved")
    with translation.override("en"), clock.at(clock.parse("2026-11-20 10:00")):
        assert sentence(notice("assign")) == "WT2026-000001 assigned, Fri 20 Nov, 18:00"
        assert sentence(notice("breach.feedback")) == "首次反馈!"
        assert sentence(notice("moved.feedback")) == "首次反馈 moved"
        assert sentence(notice("breach.signing")).startswith("WT2026-000001: the deadline is overdue")


def test_a_rung_is_not_taken_for_the_operation_of_the_same_name() -> None:
    messages.register("escalate", "raised")
    with translation.override("en"):
        assert sentence(notice("escalate")) == "raised"
        assert "overdue by three working days" in sentence(notice("escalate.feedback"))


@pytest.mark.parametrize("word", ["", "gossip", "gossip.feedback", "%(x)s", "."])
def test_an_unknown_word_is_an_honest_sentence(word: str) -> None:
    with translation.override("en"):
        assert sentence(notice(word, kind=Kind.TODO)) == "Something to do: WT2026-000001"


def test_without_a_date() -> None:
    with translation.override("en"):
        assert sentence(notice("breach.feedback", due="")).endswith("it was due no date")
