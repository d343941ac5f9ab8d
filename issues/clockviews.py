"""How the deadlines of one issue look on its page: the head's countdown, the clocks, the days in hand."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import charts, clock, fmt
from deadlines import ladder, wording
from deadlines.calendar import Calendar
from deadlines.certificate import certificate as certify
from deadlines.ledger import Span as SpanOfDays
from deadlines.ledger import day_ledger
from deadlines.models import Clock
from deadlines.states import ClockKind, Side
from issues import timeline
from issues.models import Span
from issues.states import FINAL, Action, State

if TYPE_CHECKING:
    from issues.casefile import CaseFile

# The deadline that the head counts down to, by what it is about now; the earliest other one stands in.
HEAD = {
    State.SUBMITTED: ClockKind.ACCEPTANCE,
    State.RETURNED: ClockKind.SUPPLEMENT,
    State.ASSIGNED: ClockKind.RESOLUTION,
    State.HANDLING: ClockKind.RESOLUTION,
    State.COORDINATING: ClockKind.COORDINATION,
    State.PROPOSED: ClockKind.VERIFICATION,
    State.RATING: ClockKind.RATING,
    State.DISPUTED: ClockKind.DISPUTE,
}
# Whose lateness counts in a stay: the deadlines that bind its holder.
DUE_IN = {
    Span.Holder.DESK: (ClockKind.ACCEPTANCE, ClockKind.VERIFICATION, ClockKind.DISPUTE),
    Span.Holder.UNIT: (ClockKind.SIGNING, ClockKind.FEEDBACK, ClockKind.RESOLUTION),
    Span.Holder.LEADER: (ClockKind.COORDINATION,),
    Span.Holder.SUBMITTER: (ClockKind.SUPPLEMENT,),
}
BEGUN = {
    ClockKind.ACCEPTANCE: gettext_lazy("submitted"),
    ClockKind.SUPPLEMENT: gettext_lazy("returned"),
    ClockKind.SIGNING: gettext_lazy("assigned"),
    ClockKind.FEEDBACK: gettext_lazy("assigned"),
    ClockKind.RESOLUTION: gettext_lazy("assigned"),
    ClockKind.PROGRESS: gettext_lazy("fed back"),
    ClockKind.COORDINATION: gettext_lazy("escalated"),
    ClockKind.VERIFICATION: gettext_lazy("proposed"),
    ClockKind.RULING: gettext_lazy("asked"),
    ClockKind.DISPUTE: gettext_lazy("disputed"),
    ClockKind.RATING: gettext_lazy("invited"),
}
# Met and stopped clocks beyond these stand folded.
ENDED_SHOWN = 8


def tone(running: Clock, now: datetime) -> str:
    """The colour of a running clock; what is overdue and not yet seriously is yellow with another word."""
    light = ladder.light(running, now)
    return {"green": "green", "yellow": "yellow", "overdue": "yellow", "red": "red"}.get(str(light or ""), "none")


def days_left(table: Calendar, due_at: datetime, now: datetime) -> int:
    """Working days from today to the due day; negative once it is over."""
    return table.working_days_between(clock.local(now).date(), clock.local(due_at).date())


def countdown(table: Calendar, due_at: datetime, now: datetime, colour: str) -> fmt.Light:
    """还剩 3 天, 今天 18:00, 逾期 5 天, with the light's shape."""
    late = now > due_at
    if late and days_left(table, due_at, now) == 0 and clock.local(now).date() > clock.local(due_at).date():
        return fmt.light(colour, _("<1 d late"))  # since Friday evening, and today is a day off
    return fmt.light(colour, fmt.remaining(days_left(table, due_at, now), due_at, breached=late))


def light_of(
    table: Calendar, yellow_at: datetime | None, due_at: datetime | None, red_at: datetime | None, now: datetime
) -> fmt.Light:
    """The light of an issue from the three instants on its row, with what is left or late as its word."""
    if due_at is None or yellow_at is None or red_at is None:
        return fmt.light("none")
    colour = "red" if now >= red_at else "yellow" if now >= yellow_at else "green"
    return countdown(table, due_at, now, colour)


def word_of(issue: Any, now: datetime) -> fmt.Light:
    """The issue's light in the word of PRODUCT.md §2: 正常, 临期, 逾期, 严重逾期."""
    if issue.due_at is None or issue.yellow_at is None:
        return fmt.light("none")
    colour = "red" if now >= issue.red_at else "yellow" if now >= issue.yellow_at else "green"
    return fmt.light(colour, breached=now > issue.due_at)


def head(case: CaseFile, now: datetime) -> dict[str, str]:
    """The one big number of the docket: ``before``, ``number``, ``after``, ``note``, ``tone``."""
    issue = case.issue
    if issue.state in FINAL:
        return {"note": f"{issue.get_state_display()}　{fmt.plain_date(issue.closed_at)}" if issue.closed_at else ""}
    running = _head_clock(case)
    if running is None:
        return {"note": _("No deadline is running.")}
    kind = ClockKind(running.kind).label
    note = _("%(kind)s due %(at)s") % {"kind": kind, "at": fmt.cn_datetime(running.due_at)}
    left = days_left(case.table, running.due_at, now)
    told = {"note": note, "tone": tone(running, now), "explain": explain(case, running, left, now)}
    if now > running.due_at and left == 0:
        return told | {"before": _("late by less than a working day")}
    if now > running.due_at:
        return told | {"before": _("late by"), "number": str(-left), "after": _("working days")}
    if left == 0:
        return told | {"before": _("due today at"), "number": fmt.hm(running.due_at), "after": ""}
    return told | {"before": _("still"), "number": str(left), "after": _("working days")}


def explain(case: CaseFile, running: Clock, left: int, now: datetime) -> str:
    """Why the light says overdue beside a number that is green: whose deadline is over, and whose still runs."""
    if not case.fields.staff or now > running.due_at:
        return ""
    late = [one for one in case.clocks if _late_now(one, now)]
    if not late:
        return ""
    # the deadline of the case itself before those of its parts
    first = min(late, key=lambda one: (one.kind != ClockKind.RESOLUTION, bool(one.part), one.due_at))
    over = {"kind": _kind(case, first), "who": timeline.holder(case, first)}
    words = {"kind": _kind(case, running), "n": left}
    if running.kind == ClockKind.COORDINATION and Action.DECIDE in case.allowed:
        mine = _("your own %(kind)s: %(n)d working days left") if left else _("your own %(kind)s is due today")
    else:
        mine = _("%(kind)s: %(n)d working days left") if left else _("%(kind)s is due today")
    return _("; ").join((_("%(kind)s of this case is overdue (%(who)s)") % over, mine % words))


def _late_now(one: Clock, now: datetime) -> bool:
    return one.side == Side.GOVERNMENT and one.due_at < now and not (one.met_at or one.stopped_at or one.paused_at)


def _head_clock(case: CaseFile) -> Clock | None:
    open_clocks = [one for one in case.clocks if not (one.met_at or one.stopped_at or one.paused_at)]
    if not case.fields.staff:
        open_clocks = [one for one in open_clocks if not one.part]
    wanted = HEAD.get(State(case.issue.state))
    first = [one for one in open_clocks if one.kind == wanted and not one.part]
    return min(first or open_clocks, key=lambda one: one.due_at, default=None)


# --- the clocks ------------------------------------------------------------------------------------------------------


def clocks(case: CaseFile, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """``running`` by due date, the first one opened; ``ended`` newest first; ``older`` folded away."""
    running = sorted((one for one in case.clocks if not (one.met_at or one.stopped_at)), key=lambda one: one.due_at)
    ended = sorted(
        (one for one in case.clocks if one.met_at or one.stopped_at), key=lambda one: _ended_at(one, now), reverse=True
    )
    first = _head_clock(case)
    views = [_view(case, one, now, opened=first is not None and one.pk == first.pk) for one in running]
    over = [_view(case, one, now, shown=n < ENDED_SHOWN) for n, one in enumerate(ended)]
    return {"running": views, "ended": over[:ENDED_SHOWN], "older": over[ENDED_SHOWN:]}


def _ended_at(one: Clock, now: datetime) -> datetime:
    return one.met_at or one.stopped_at or now


def _view(case: CaseFile, one: Clock, now: datetime, *, opened: bool = False, shown: bool = True) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "id": f"clock-{one.pk}",
        "kind": _kind(case, one),
        "who": timeline.holder(case, one),
        "due": _due(one),
        "light": _light(case.table, one, now),
        "open": opened,
        "certificate": certificate(case, one, now, whole=not (one.met_at or one.stopped_at)) if shown else None,
    }


def _kind(case: CaseFile, one: Clock) -> str:
    label = str(ClockKind(one.kind).label)
    part = one.part.partition(":")[0]
    if part == "co":
        return _("Co-unit: %(kind)s") % {"kind": label}
    if part == "decision" and one.kind != ClockKind.DECISION:
        return _("Decision: %(kind)s") % {"kind": label}
    return label


def _due(one: Clock) -> str:
    if one.met_at:
        return _("due %(due)s, done %(met)s") % {"due": fmt.md(one.due_at), "met": fmt.md(one.met_at)}
    if one.stopped_at and one.stopped_at > one.due_at:
        return _("due %(due)s, stopped after it was overdue") % {"due": fmt.md(one.due_at)}
    if one.stopped_at:
        return _("stopped %(at)s") % {"at": fmt.md(one.stopped_at)}
    return _("due %(due)s") % {"due": fmt.md_hm(one.due_at)}


def _light(table: Calendar, one: Clock, now: datetime) -> fmt.Light:
    if one.met_at:
        late = one.met_at > one.due_at
        days = -days_left(table, one.due_at, one.met_at) if late else 0
        return fmt.light("yellow" if late else "green", fmt.kept(late=late, days=days))
    if one.stopped_at:
        return fmt.light("none", _("Stopped"))
    if one.paused_at:
        return fmt.light("none", _("Paused"))
    return countdown(table, one.due_at, now, tone(one, now))


def certificate(case: CaseFile, one: Clock, now: datetime, *, whole: bool) -> dict[str, Any]:
    """The deadline sheet; of a clock that has ended its sums only, the days are on its own page."""
    number = one.subject_ref
    url = reverse("issues:certificate", args=[number, one.pk])
    told = _component(case, one, now, print_url=url)
    return told if whole else told | {"days": []}


def _component(case: CaseFile, one: Clock, now: datetime, *, print_url: str = "") -> dict[str, Any]:
    """Why a deadline was held or moved was written about the matter: hidden where its text is."""
    hidden = None if case.fields.text else timeline.hidden()
    return wording.component(certify(one, now), now, start=_begun(one), print_url=print_url, hidden=hidden)


def page(case: CaseFile, one: Clock, now: datetime) -> dict[str, Any]:
    """The certificate as a page of its own."""
    view = _view(case, one, now)
    here = reverse("issues:page", args=[case.issue.number])
    return {
        "issue": case.issue,
        "clock": view | {"certificate": _component(case, one, now)},
        "crumbs": [
            {"label": _("Issues"), "url": reverse("issues:list")},
            {"label": case.issue.number, "url": here},
            {"label": view["kind"]},
        ],
        "title": _("Deadline sheet: %(kind)s") % {"kind": view["kind"]},
        "lede": f"{case.issue.number}　{case.issue.title}",
        "aside": _("Due: %(due)s") % {"due": f"{fmt.full_date(one.due_at)} {fmt.hm(one.due_at)}"},
    }


def _begun(one: Clock) -> str:
    """The act with which a clock began, in a word."""
    if one.part.startswith("decision:"):
        return _("decided")
    return str(BEGUN.get(ClockKind(one.kind), "")) if one.round == 1 else ""


# --- days in hand ----------------------------------------------------------------------------------------------------


def ledger(case: CaseFile, now: datetime) -> dict[str, Any] | None:
    """How many working days each holder had the case, and how many of them lay behind that holder's due date."""
    spans = {span.pk: span for span in case.spans}
    pieces = [piece for span in case.spans for piece in _pieces(case, span, span.ended_at or now, now)]
    stays = [
        charts.Stay(
            key=(span.holder, span.unit_id, span.post_id),
            holder=holder_of(case, span),
            days=row.days,
            late=row.late,
            note=str(State(span.state).label),
        )
        for row in day_ledger(case.table, pieces)
        if (span := spans[row.holder])  # type: ignore[index]
    ]
    return charts.ledger(stays) if stays else None


def _pieces(case: CaseFile, span: Span, end: datetime, now: datetime) -> list[SpanOfDays]:
    """A stay cut where its holder became late and where that ended: a deadline once met makes no later day late."""
    late = [
        (max(one.due_at, span.started_at), min(until, end))
        for one in case.clocks
        if _binds(one, span) and (until := _ended_at(one, now)) > one.due_at
    ]
    edges = sorted(
        {span.started_at, end, *(edge for begin, finish in late if begin < finish for edge in (begin, finish))}
    )
    return [
        SpanOfDays(span.pk, begin, finish, begin if any(a <= begin and finish <= b for a, b in late) else None)
        for begin, finish in pairwise(edges)
    ]


def _binds(one: Clock, span: Span) -> bool:
    """A deadline of the holder of a stay. One that was stopped after its due date counts until then: a case that is
    taken away from a unit leaves its late days with that unit. While a case is suspended its clocks are paused, so
    nobody loses a day."""
    if one.part or span.state == State.SUSPENDED or one.kind not in DUE_IN[span.holder]:  # type: ignore[index]
        return False
    return span.holder != Span.Holder.UNIT or one.holder_unit_id == span.unit_id


def holder_of(case: CaseFile, span: Span) -> str:
    unit, post = case.unit(span.unit_id), case.post(span.post_id)
    if span.holder == Span.Holder.UNIT and unit:
        return unit.name
    if span.holder == Span.Holder.LEADER:
        return f"{post.user}　{timeline.title_of(post)}" if post else (unit.name if unit else _("District leader"))
    if span.holder == Span.Holder.SUBMITTER:
        name = case.issue.enterprise.name if case.fields.who and case.issue.enterprise else ""
        return _("%(name)s (enterprise)") % {"name": name} if name else _("Submitter")
    return str(Span.Holder.DESK.label)
