"""Why this score: the waterfall from a hundred down, the red card, the cases that lost days, what stands beside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Group
from assessments import casetable, discreet, periods, ranking, scheme
from assessments.models import Card, FrozenCase, Result, Run
from assessments.scheme import Scheme
from assessments.states import COMPLETION, Deduction, Grade, Indicator, label_of, why_not_words
from common import charts, clock, fmt
from deadlines import calendar
from documents.models import Document

LOST_SHOWN = 20


def page(actor: Actor, row: Result) -> dict[str, Any]:
    """The whole context of the page."""
    run, rules = row.run, scheme.of(row.run.scheme)
    lost = Lost(actor, row)
    beside = FrozenCase.objects.filter(run=run, unit=row.unit, indicator=COMPLETION)
    return {
        "title": title(row),
        "lede": lede(actor, row),
        "aside": ranking.aside(run),
        "crumbs": crumbs(row, row.unit_name),
        "row": row,
        "card": red_card(actor, row, rules, lost),
        "fall": charts.waterfall(losses(row, rules)) if row.score is not None else None,
        "heading": _("How a hundred became %(score)s") % {"score": fmt.places(row.score)},
        "absent": absent(row),
        "completion": completion(row),
        "cases_url": ranking.address(run, "cases", row.unit.code, row.group),
        "csv_url": ranking.address(run, "cases_csv", row.unit.code, row.group),
        "lost": lost.rows,
        "lost_rest": lost.rest,
        "lost_total": row.lost_days,
        "paused": casetable.rows(actor, row, beside.filter(part="P").order_by("due_at", "source_id")[:LOST_SHOWN]),
        "coming": casetable.rows(actor, row, beside.filter(part="O").order_by("due_at", "source_id")[:LOST_SHOWN]),
        "contests": [one for one in ranking.contests(actor, run) if one["unit"] == row.unit.name],
        "may_contest": may_contest(actor, row),
        "contest_until": fmt.cn_datetime(run.contest_until),
        "group": ranking.group_table(actor, run, row.group, here=row.unit_id),
    }


class Lost:
    """The cases that lost days, done late or not at all: a list with a sum, which is the unit's total of lost days.
    Counted from the frozen rows, so for a month published long ago as well."""

    def __init__(self, actor: Actor, row: Result) -> None:
        found = FrozenCase.objects.filter(run=row.run, unit=row.unit).losing_days()
        shown = list(found.order_by("-lost_days", "due_at", "source_id")[:LOST_SHOWN])
        whole = found.aggregate(cases=Count("pk"), days=Sum("lost_days", default=0))
        self.rows = casetable.rows(actor, row, shown, merged=True)
        self.cases: int = whole["cases"]
        more = self.cases - len(shown)
        self.rest = more and {
            "text": _("%(n)d more cases") % {"n": more},
            "days": whole["days"] - sum(case.lost_days for case in shown),
            "url": ranking.address(row.run, "cases", row.unit.code, row.group, indicator=COMPLETION),
        }


def title(row: Result) -> str:
    words = {"unit": row.unit_name, "month": ranking.month_label(row.run), "score": fmt.places(row.score)}
    if row.run.state == Run.State.REHEARSAL:
        return _("%(unit)s, %(month)s: rehearsal of the result") % words
    if row.rank is None and row.score is not None:
        return _("%(unit)s, %(month)s: not ranked (score for reference %(score)s points)") % words
    if row.rank is None:
        return _("%(unit)s, %(month)s: not ranked") % words
    if row.score is None:
        return _("%(unit)s, %(month)s: why there is no score") % words
    return _("%(unit)s, %(month)s: why %(score)s points") % words


def lede(actor: Actor, row: Result) -> str:
    group = str(Group(row.group).label)
    if row.rank is None:
        return _("%(group)s, not ranked: %(why)s") % {"group": group, "why": why_not_of(row)}
    told = [_("%(group)s, place %(rank)d") % {"group": group, "rank": row.rank}]
    if words := ranking.move_words(row.rank, ranking.rank_before(row.run, row)):
        told.append(words)
    if row.window > 1:
        told.append(combined(row).rstrip("。."))
    return _(", ").join(told)


def why_not_of(row: Result) -> str:
    rules = scheme.of(row.run.scheme)
    return why_not_words(row.why_not, rules.minimum, rules.window)


def combined(row: Result) -> str:
    """Over which months the figures are, when one alone had too few cases."""
    if row.window <= 1:
        return ""
    last = periods.parse(row.run.month)
    first = periods.shift(last, 1 - row.window)
    words = {"months": fmt.months(first, last), "minimum": scheme.of(row.run.scheme).minimum}
    return _("Fewer than %(minimum)d cases were due in the month: counted together over %(months)s.") % words


def crumbs(row: Result, here: str) -> list[dict[str, str]]:
    run = row.run
    return [
        {"label": _("Monthly ranking"), "url": reverse("assessments:months")},
        {"label": ranking.month_label(run), "url": ranking.address(run)},
        {"label": str(Group(row.group).label), "url": f"{ranking.address(run)}#{row.group}"},
        {"label": here, "url": ""},
    ]


def completion(row: Result) -> dict[str, str]:
    return {
        "ratio": fmt.percent(row.completion, 2),
        "fraction": fmt.ratio(row.met, row.due),
        "grade": str(row.get_grade_display()),
        "early": str(row.early),
    }


# The waterfall -------------------------------------------------------------------------------------------------------


def losses(row: Result, rules: Scheme) -> list[charts.Loss]:
    """One row per indicator that has cases, and per deduction; together they lead exactly to the score."""
    found = [_indicator_loss(row, figure) for figure in row.indicators if figure["points"] is not None]
    earned = sum((Decimal(figure["points"]) for figure in row.indicators if figure["points"] is not None), Decimal(0))
    left = earned - (row.score or Decimal(0))  # deductions end at the cap, and at a score of nothing
    for item in row.deducted:
        taken = min(Decimal(item["points"]), left)
        left -= taken
        found.append(_deduction_loss(row, rules, item, taken))
    return found


def _indicator_loss(row: Result, figure: dict[str, Any]) -> charts.Loss:
    share = Decimal(figure["share"])
    code, n, d = figure["code"], figure["numerator"], figure["denominator"]
    return charts.Loss(
        label=label_of(code),
        points=share - Decimal(figure["points"]),
        note=_missing(code, d - n),
        weight=fmt.places(share)
        if share != Decimal(figure["weight"])
        else f"{Decimal(figure['weight']).normalize():f}",
        cases=fmt.ratio(n, d),
        url=ranking.address(row.run, "cases", row.unit.code, row.group, indicator=code),
    )


def _missing(code: str, n: int) -> str:
    words = {
        Indicator.SIGNING_ON_TIME: _("signed late: %(n)d"),
        Indicator.FEEDBACK_ON_TIME: _("first feedback late: %(n)d"),
        Indicator.CLOSED_ON_TIME: _("past the deadline: %(n)d"),
        Indicator.SOLVED_RATE: _("partly or not solved: %(n)d"),
        Indicator.SATISFACTION: _("rated 1–3: %(n)d; unrated ones do not count"),
    }
    return words.get(Indicator(code), "") % {"n": n} if n else ""


def _deduction_loss(row: Result, rules: Scheme, item: dict[str, Any], taken: Decimal) -> charts.Loss:
    code, n = item["code"], item["count"]
    each = rules.deductions[code]
    note = _("%(points)s each") % {"points": fmt.signed(-each, 0)}
    if taken < Decimal(item["points"]):
        note = _("%(each)s, at most %(cap)s in all") % {"each": note, "cap": fmt.signed(-rules.deduction_cap, 0)}
    return charts.Loss(
        label=str(Deduction(code).label),
        points=taken,
        note=note,
        weight=_("deduction"),
        cases=_("%(n)d ×") % {"n": n},
        url=ranking.address(row.run, "cases", row.unit.code, row.group, indicator=code),
        deduction=True,
    )


def absent(row: Result) -> str:
    """Indicators without a case: the others share their weight."""
    names = [label_of(figure["code"]) for figure in row.indicators if figure["points"] is None]
    if not names or row.score is None:
        return ""
    return _("No case in this period, weight shared by the others: %(names)s.") % {"names": _(", ").join(names)}


# The red card --------------------------------------------------------------------------------------------------------


def red_card(actor: Actor, row: Result, rules: Scheme, lost: Lost) -> dict[str, Any] | None:
    if not row.red_card or row.facts is None:
        return None
    card = Card.objects.filter(run=row.run, unit=row.unit, group=row.group).select_related("run").first()
    paper = ranking.paper(actor, card) if card else None
    mark = f"{rules.pass_mark.normalize():f} %"
    return {
        "number": paper.shown_number if paper else "",
        "document": paper,
        "status": _status(row, card, paper),
        "repaired": bool(card and card.repaired_at),
        "repaired_note": card.repaired_note if card else "",
        "repair_url": reverse("assessments:repair_card", args=[card.pk])
        if card and not card.repaired_at and row.run.state == Run.State.PUBLISHED and can(actor, "repair_card", card)
        else "",
        "why": _("Both gates: the completion is below %(mark)s (%(grade)s), and the place is among the last %(last)d.")
        % {"mark": mark, "grade": row.get_grade_display(), "last": rules.red_last},
        "without": _without(row.facts["without"]),
        "facts": [
            {
                "label": _("Completion"),
                "value": fmt.percent(row.completion, 2),
                "note": f"{fmt.ratio(row.met, row.due)}，{row.get_grade_display()}",
            },
            {
                "label": _("Place"),
                "value": f"{row.rank} / {row.facts['of']}",
                "note": _("among the last %(last)d") % {"last": rules.red_last},
            },
            {
                "label": _("Days lost"),
                "value": str(row.lost_days),
                "note": _("working days; cases: %(n)d") % {"n": lost.cases},
            },
            _next_step(row, card, rules),
        ],
    }


def _status(row: Result, card: Card | None, paper: Document | None) -> str:
    if card is None:
        return _("Rehearsal: no card") if row.run.state == Run.State.REHEARSAL else _("Draft: no card yet")
    if card.repaired_at:
        return _("Repaired on %(date)s") % {"date": fmt.full_date(card.repaired_at)}
    return _("Work paper, awaiting signature") if paper and not paper.official_number else ""


def _next_step(row: Result, card: Card | None, rules: Scheme) -> dict[str, str]:
    if card is None:
        until = row.run.contest_until
        if until is None:
            return {"label": _("Next step"), "value": fmt.md(row.run.ends_at), "note": _("the month is ranked then")}
        return {"label": _("Next step"), "value": fmt.md_hm(until), "note": _("cases may be contested until then")}
    day = calendar.add_working_days(calendar.day_of(card.issued_at), rules.review_days)
    return {"label": _("Next step"), "value": fmt.md(day), "note": _("written review due")}


def _without(found: dict[str, Any] | None) -> str:
    if found is None:
        return _("No single case less would change it.")
    words = {
        "ref": discreet.shown(found["ref"], discreet.complaints_among([found["ref"]])),
        "score": fmt.places(Decimal(found["score"])) if found["score"] else "—",
        "rank": found["rank"],
        "grade": Grade(found["grade"]).label if found["grade"] else "",
    }
    if found["rank"] is None:
        return _("Without %(ref)s there would be no card.") % words
    return _("Without %(ref)s: score %(score)s, place %(rank)s, %(grade)s, and no card.") % words


def may_contest(actor: Actor, row: Result) -> bool:
    run = row.run
    runs = run.state == Run.State.DRAFT and run.contest_until is not None and clock.now() <= run.contest_until
    return runs and can(actor, "contest", row)
