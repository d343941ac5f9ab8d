"""The contexts of the monthly bulletin with its scorecards and of the red card notice (docs/papers.md).

Plain JSON out of the frozen rows: the same published run gives the same context for ever. In Chinese whatever the
reader's language. A case is a number; its title only where every reader of the paper may open it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Least
from django.utils import translation

from accounts.roles import Group
from assessments import discreet, scheme, sheets
from assessments.models import Card, FrozenCase, Result, Run
from assessments.scheme import Scheme
from assessments.states import COMPLETION, Deduction, Grade, Indicator, label_of, why_not_words
from common import clock, context
from deadlines import calendar
from issues.models import Assignment, Issue
from issues.states import IssueKind, State

NAMED_AT_MOST = 5
THREE_RATES = (
    ("响应率", Indicator.FEEDBACK_ON_TIME),
    ("解决率", Indicator.SOLVED_RATE),
    ("满意率", Indicator.SATISFACTION),
)


def places(value: Decimal | str | None) -> str | None:
    """Rounded half up to 2 places, for show only."""
    return None if value is None else str(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def percent(numerator: int, denominator: int) -> str | None:
    return places(Decimal(numerator) * 100 / denominator) if denominator else None


def month_label(run: Run) -> str:
    start = clock.local(run.starts_at)
    return f"{start.year}年{start.month}月"


def bulletin(run: Run) -> dict[str, Any]:
    """月度通报 with one 销号成绩单 per unit that had cases."""
    with translation.override("zh-hans"):
        rules = scheme.of(run.scheme)
        results = list(run.results.order_by("group", F("rank").asc(nulls_last=True), "unit_name", "unit_id"))
        return {
            "district": context.district()["name"],
            "month": run.month,
            "month_label": month_label(run),
            "scheme_version": str(rules.version),
            "scheme_note": _scheme_note(rules),
            "computed_at": clock.local(run.computed_at).isoformat(timespec="seconds"),
            "totals": totals(run),
            "rates": _rates(run),
            "minimum": rules.minimum,
            "window": rules.window,
            "groups": [_group(group, results, rules) for group in Group if any(row.group == group for row in results)],
            "red_cards": [
                {"unit": row.unit_name, "group": str(Group(row.group).label)} for row in results if row.red_card
            ],
            "good": _good(results),
            "problems": _problems(results),
            "next_steps": _next_steps(run, results, rules),
            "contests": _contests(run),
            "correction": run.reason or None,
            "scorecards": _scorecards(run, results),
        }


def red_card(card: Card) -> dict[str, Any]:
    """红牌通知书."""
    with translation.override("zh-hans"):
        run = card.run
        rules = scheme.of(run.scheme)
        row = run.results.get(unit_id=card.unit_id, group=card.group)
        cases, counted = _late_cases(run, card.unit_id)
        still_open = sum(1 for case in cases if case["done"] is None)
        found = card.facts["without"]
        days = {
            name: calendar.add_working_days(calendar.day_of(card.issued_at), n).isoformat()
            for name, n in (
                ("review", rules.review_days),
                ("rectify", rules.rectify_days),
                ("appeal", rules.appeal_days),
            )
        }
        return {
            "district": context.district()["name"],
            "unit": row.unit_name,
            "month": run.month,
            "month_label": month_label(run),
            "group": str(Group(card.group).label),
            "rule": rule_of(rules),
            "scheme_version": str(rules.version),
            "completion": {"met": row.met, "due": row.due, "value": percent(row.met, row.due)},
            "grade": str(Grade(row.grade).label),
            "rank": row.rank,
            "of": card.facts["of"],
            "score": places(row.score),
            "window": row.window,
            "minimum": rules.minimum,
            "lost_days": row.lost_days,
            "cases": cases,
            "late": {"open": still_open, "done": len(cases) - still_open},
            "sheets": counted,
            "without_case": found
            and {
                "ref": discreet.shown(found["ref"], discreet.complaints_among([found["ref"]])),
                "rank": found["rank"],
                "grade": str(Grade(found["grade"]).label) if found["grade"] else None,
            },
            "review_until": days["review"],
            "rectify_until": days["rectify"],
            "appeal": {"channel": context.district()["office"], "until": days["appeal"]},
        }


def rule_of(rules: Scheme) -> str:
    mark = f"{rules.pass_mark.normalize():f}"
    return (
        f"按照第{rules.version}版评分办法，同时符合以下两项的亮红牌：一是等次为不合格，即完成率低于{mark}%；"
        f"二是列本组参加排名单位的后{rules.red_last}名。位次并列跨后{rules.red_last}名界线的，"
        "先比延误的工作日，再比逾期事项的早晚。"
    )


# The bulletin, part by part ------------------------------------------------------------------------------------------


def _scheme_note(rules: Scheme) -> str:
    weights = rules.groups.get(Group.DEPARTMENTS, {})
    listed = "、".join(f"{Indicator(code).label}{weight.normalize():f}分" for code, weight in weights.items())
    return f"指标和权重：{listed}；没有发生的指标，其权重由其他指标分担。" if listed else ""


def totals(run: Run) -> dict[str, int]:
    """Received, closed and open are issues of the district; due and on time the resolution clocks of the month; late
    those that were over at its end. Complaints about conduct are in none of the issues."""
    ends = min(run.ends_at, run.computed_at)
    ordinary = Issue.objects.filter(kind=IssueKind.ISSUE, submitted_at__lt=ends)
    gone = [State.DECLINED, State.MERGED, State.WITHDRAWN]
    issues = ordinary.aggregate(
        received=Count("pk", filter=Q(submitted_at__gte=run.starts_at)),
        closed=Count("pk", filter=Q(closed_at__gte=run.starts_at, closed_at__lt=ends)),
        open=Count("pk", filter=~Q(state__in=gone) & (Q(closed_at__isnull=True) | Q(closed_at__gte=ends))),
    )
    clocks = _of_month(run).filter(indicator=Indicator.CLOSED_ON_TIME)
    late = FrozenCase.objects.filter(run=run, indicator=COMPLETION, part__in=["D", "C"], counts=False)
    done = Q(done_at__isnull=False, done_at__lt=ends)
    sums = clocks.aggregate(
        due=Count("pk"),
        on_time=Count("pk", filter=Q(counts=True)),
        late_done=Count("pk", filter=Q(counts=False) & done),
        late_open=Count("pk", filter=Q(counts=False) & ~done),
    )
    return issues | sums | {"late": late.count()}


def _of_month(run: Run) -> Any:
    """Cases that count in the month itself, also of units whose figures are those of three months."""
    rows = FrozenCase.objects.filter(run=run, excluded=False)
    return rows.annotate(counted_at=Least("due_at", "done_at")).filter(counted_at__gte=run.starts_at)


def _rates(run: Run) -> list[dict[str, Any]]:
    counted = {
        row["indicator"]: row
        for row in _of_month(run)
        .filter(indicator__in=[code for _name, code in THREE_RATES])
        .order_by()
        .values("indicator")
        .annotate(numerator=Count("pk", filter=Q(counts=True)), denominator=Count("pk"))
    }
    none = {"numerator": 0, "denominator": 0}
    return [
        {
            "name": name,
            "numerator": (row := counted.get(str(code), none))["numerator"],
            "denominator": row["denominator"],
            "value": percent(row["numerator"], row["denominator"]),
        }
        for name, code in THREE_RATES
    ]


def _group(group: Group, results: list[Result], rules: Scheme) -> dict[str, Any]:
    own = [row for row in results if row.group == group]
    return {
        "title": str(group.label),
        "rows": [
            {
                "rank": row.rank,
                "unit": row.unit_name,
                "met": row.met,
                "due": row.due,
                "completion": percent(row.met, row.due),
                "early": row.early,
                "grade": str(Grade(row.grade).label),
                "score": places(row.score),
                "window": row.window,
                "red_card": row.red_card,
            }
            for row in own
            if row.rank is not None
        ],
        "unranked": [
            {"unit": row.unit_name, "why": why_not_words(row.why_not, rules.minimum, rules.window)}
            for row in own
            if row.rank is None
        ],
    }


def _good(results: list[Result]) -> list[str]:
    best = [row for row in results if row.grade == Grade.EXCELLENT][:NAMED_AT_MOST]
    return [
        f"{row.unit_name}应办结{row.due}件全部办结，另提前办结{row.early}件，"
        + (f"得分{places(row.score)}分，" if row.score is not None else "")
        + f"列{Group(row.group).label}第{row.rank}位。"
        for row in best
    ]


def _problems(results: list[Result]) -> list[str]:
    worst = sorted(
        {row.unit_id: row for row in results if row.grade == Grade.UNQUALIFIED}.values(),
        key=lambda row: (-row.lost_days, row.unit_name),
    )[:NAMED_AT_MOST]
    return [
        f"{row.unit_name}应办结{row.due}件，办结{row.met}件，完成率{percent(row.met, row.due)}%，"
        f"累计延误{row.lost_days}个工作日。"
        for row in worst
    ]


def _next_steps(run: Run, results: list[Result], rules: Scheme) -> list[str]:
    steps = ["各单位对逾期未办结的事项逐件明确办结时间，按时反馈进展。"]
    if any(row.grade == Grade.UNQUALIFIED for row in results):
        steps.append("评定为不合格的单位在下一次政府常务会议上作表态发言，由督查室重点督查、督办。")
    if any(row.red_card for row in results):
        steps.append(
            f"亮红牌的单位自通报印发之日起{rules.review_days}个工作日内报送书面检查，"
            f"{rules.rectify_days}个工作日内报送整改报告。"
        )
    return steps


def _contests(run: Run) -> dict[str, int] | None:
    counted = run.contests.aggregate(
        opened=Count("pk"),
        accepted=Count("pk", filter=Q(state="accepted")),
        rejected=Count("pk", filter=Q(state="rejected")),
    )
    return counted if counted["opened"] else None


# Scorecards ----------------------------------------------------------------------------------------------------------


def _scorecards(run: Run, results: list[Result]) -> list[dict[str, Any]]:
    wanted = [row for row in results if row.due or row.early or row.deducted]
    units = {row.unit_id for row in wanted}
    accepted = dict(
        Assignment.objects.filter(
            unit__in=units, kind="lead", started_at__gte=run.starts_at, started_at__lt=run.ends_at
        )
        .order_by()
        .values("unit_id")
        .annotate(n=Count("pk"))
        .values_list("unit_id", "n")
    )
    deducted: dict[int, list[FrozenCase]] = defaultdict(list)
    for case in FrozenCase.objects.filter(run=run, points__gt=0, excluded=False).order_by("ref", "source_id"):
        deducted[case.unit_id].append(case)
    complaints = discreet.complaints_among(case.ref for cases in deducted.values() for case in cases)
    of = {group: sum(1 for row in results if row.group == group and row.rank) for group in Group}
    return [
        _scorecard(run, row, of[Group(row.group)], accepted.get(row.unit_id, 0), deducted[row.unit_id], complaints)
        for row in wanted
    ]


def _scorecard(
    run: Run, row: Result, of: int, accepted: int, deducted: list[FrozenCase], complaints: frozenset[str]
) -> dict[str, Any]:
    figures = {figure["code"]: figure for figure in row.indicators}
    closed = figures.get(Indicator.CLOSED_ON_TIME, {"numerator": 0})
    liked = figures.get(Indicator.SATISFACTION, {"numerator": 0, "denominator": 0})
    return {
        "unit": row.unit_name,
        "month_label": month_label(run),
        "group": str(Group(row.group).label),
        "rank": row.rank,
        "of": of,
        "grade": str(Grade(row.grade).label) if row.grade else None,
        "score": places(row.score),
        "accepted": accepted,
        "closed": row.met + row.early,
        "on_time": closed["numerator"],
        "sent_back": sum(1 for case in deducted if case.indicator == Deduction.SENT_BACK),
        "satisfaction": {
            "numerator": liked["numerator"],
            "denominator": liked["denominator"],
            "value": percent(liked["numerator"], liked["denominator"]),
        },
        "indicators": [
            {
                "name": label_of(figure["code"]),
                "numerator": figure["numerator"],
                "denominator": figure["denominator"],
                "weight": places(figure["share"]),
                "points": places(figure["points"]),
            }
            for figure in row.indicators
        ],
        "deductions": [
            {
                "ref": discreet.shown(case.ref, complaints),
                "why": label_of(case.indicator),
                "points": f"-{places(case.points)}",
            }
            for case in deducted
        ],
    }


def _late_cases(run: Run, unit_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was not met by the end, then what was met late, the most lost days first, so that their days sum to the
    total; with the sheets that count their dates; titles but of what not every reader may open."""
    rows = list(
        FrozenCase.objects.filter(run=run, unit_id=unit_id).untimely().order_by("counts", "-lost_days", "due_at", "ref")
    )
    titles = dict(
        Issue.objects.filter(pk__in=[row.issue_id for row in rows], kind=IssueKind.ISSUE).values_list("pk", "title")
    )
    complaints = discreet.complaints_among(row.ref for row in rows)
    refs = [discreet.shown(row.ref, complaints) for row in rows]
    cases = [
        {
            "ref": ref,
            "title": titles.get(row.issue_id),
            "due": day_of(row.due_at),
            "done": day_of(row.done_at),
            "lost_days": row.lost_days,
        }
        for row, ref in zip(rows, refs, strict=True)
    ]
    return cases, sheets.of(rows, refs)


def day_of(value: datetime | None) -> str | None:
    return clock.local(value).date().isoformat() if value else None
