"""What travels inside the bulletin: the frozen cases, how each score came about, and the method (docs/papers.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import translation

from accounts.roles import Group
from assessments import discreet
from assessments.models import FrozenCase, Run
from assessments.papers import places
from assessments.states import COMPLETION, Deduction, Grade, Indicator, label_of
from common import clock

CASES_AT_MOST = 50_000
CASE_HEAD = ["单位", "指标", "问题编号", "计入", "类别", "应于", "实际完成", "延误工作日", "扣分", "申诉剔除"]
CARD_HEAD = ["问题编号", "事项", "应办结日", "办结日", "办结情况", "延误工作日"]
STEP_HEAD = ["组别", "单位", "位次", "等次", "指标", "分子", "分母", "权重", "分担后权重", "比率", "得分"]


def case_rows(run: Run) -> list[list[Any]]:
    """The frozen cases by number, up to a size that a PDF can carry."""
    names = dict(run.results.values_list("unit_id", "unit_name"))
    with translation.override("zh-hans"):
        cases = list(FrozenCase.objects.filter(run=run).order_by("unit_id", "indicator", "source_id")[:CASES_AT_MOST])
        complaints = discreet.complaints_among(case.ref for case in cases)
        labels = {code: label_of(code) for code in (COMPLETION, *Indicator.values, *Deduction.values)}
        return [
            [
                names.get(case.unit_id, ""),
                labels[case.indicator],
                discreet.shown(case.ref, complaints),
                "是" if case.counts else "否",
                case.part,
                _minute(case.due_at),
                _minute(case.done_at),
                case.lost_days,
                places(case.points) if case.points else "",
                "是" if case.excluded else "",
            ]
            for case in cases
        ]


def card_rows(notice: dict[str, Any]) -> list[list[Any]]:
    """The cases of a red card as its notice lists them; the lost days sum to those that the notice tells."""
    return [
        [
            case["ref"],
            case["title"] or "",
            case["due"],
            case["done"] or "",
            "逾期办结" if case["done"] else "未办结",
            case["lost_days"],
        ]
        for case in notice["cases"]
    ]


def _minute(instant: datetime | None) -> str:
    """Day and time: a case may be late by an hour."""
    return f"{clock.local(instant):%Y-%m-%d %H:%M}" if instant else ""


def step_rows(run: Run) -> list[list[Any]]:
    """One row per figure: how each score came about."""
    with translation.override("zh-hans"):
        return [
            [
                Group(row.group).label,
                row.unit_name,
                row.rank or "",
                Grade(row.grade).label if row.grade else "",
                label_of(figure["code"]),
                figure["numerator"],
                figure["denominator"],
                figure["weight"],
                figure["share"] or "",
                figure["value"] or "",
                figure["points"] or "",
            ]
            for row in run.results.order_by("group", F("rank").asc(nulls_last=True), "unit_name", "unit_id")
            for figure in row.indicators
        ]


def method(run: Run) -> dict[str, Any]:
    """口径: what was counted, by which rules, until when."""
    return {
        "month": run.month,
        "version": run.version,
        "starts_at": clock.local(run.starts_at).isoformat(),
        "ends_before": clock.local(run.ends_at).isoformat(),
        "last_day": (clock.local(run.ends_at).date() - timedelta(days=1)).isoformat(),
        "computed_at": clock.local(run.computed_at).isoformat(),
        "data_sha256": run.data_sha256,
        "scheme_version": run.scheme.version,
        "scheme": run.scheme.data,
        "cases": FrozenCase.objects.filter(run=run).count(),
        "cases_listed_at_most": CASES_AT_MOST,
    }
