"""The course of an issue in words, from its events and the rungs of its clocks, for who may read what.

System noise (reminders) is folded day by day. What is not for the reader leaves no words:
the submitter reads public events only, a unit no words of a rating, nobody the rating link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Post
from accounts.roles import Role
from common import clock, fmt
from deadlines.models import Clock
from deadlines.states import ClockKind, Rung
from issues import handedover, states
from issues.models import Event
from issues.states import Action

if TYPE_CHECKING:
    from issues.casefile import CaseFile

A = Action
KEY = "key"
LATE = "late"
# A word or a report is a ring; a change of state or a decision is a dot.
WORDS = frozenset({A.SUBMIT, A.SUPPLEMENT, A.FEED_BACK, A.EXTEND, A.SUSPEND, "decision_feedback", "identify"})
# Codes of units in the data of an event.
UNIT_KEYS = ("unit", "part", "lead_unit", "old_unit")


def data_of(event: Event) -> dict[str, Any]:
    if not hasattr(event, "_data"):
        event._data = json.loads(event.body)["data"]  # type: ignore[attr-defined]
    return event._data  # type: ignore[attr-defined,no-any-return]


def unit_codes(event: Event) -> set[str]:
    data = data_of(event)
    codes = {data.get(key) for key in UNIT_KEYS} | set(data.get("co_units") or [])
    return {code for code in codes if isinstance(code, str) and code}


OTHER_LABELS = {
    "hand_over": gettext_lazy("Handed over"),
    "identify": gettext_lazy("Enterprise confirmed"),
    "decision_feedback": gettext_lazy("Feedback on a decision"),
    "promise_due": gettext_lazy("Asked about the promise"),
}


def label(kind: str) -> str:
    """The verb of an event."""
    if kind in OTHER_LABELS:
        return str(OTHER_LABELS[kind])
    return str(A(kind).label) if kind in A.values else kind


@dataclass
class Line:
    """One entry before it is grouped by day. ``noise`` is folded with its neighbours."""

    at: datetime
    who: str
    place: str = ""
    verb: str = ""
    text: str = ""
    flag: str = ""
    tone: str = ""
    id: str = ""
    noise: bool = False
    order: int = 0  # of what happened at one instant


def days(case: CaseFile) -> list[dict[str, Any]]:
    """Newest day first; within a day as it happened, read downwards from the newest."""
    lines = [line(case, event) for event in case.events if shown(case, event)]
    if case.fields.staff:
        first = case.events[0].at if case.events and case.events[0].seq > 1 else None
        lines += [line for line in _rungs(case) if first is None or line.at >= first]
    lines.sort(key=lambda line: (line.at, line.order), reverse=True)
    return [
        {"date": fmt.plain_date(day), "note": _day_note(day), "events": list(_entries(list(group)))}
        for day, group in groupby(lines, key=lambda line: clock.local(line.at).date())
    ]


def shown(case: CaseFile, event: Event) -> bool:
    """To staff all of it; to the submitter what is public, and the own words on how it was served."""
    return case.fields.staff or event.public or (event.kind == A.RATE and case.fields.rating)


def _day_note(day: date) -> str:
    return _("%(weekday)s, today") % {"weekday": fmt.weekday(day)} if day == clock.today() else fmt.weekday(day)


def _entries(lines: list[Line]) -> Iterable[dict[str, Any]]:
    for noise, group in groupby(lines, key=lambda line: line.noise):
        rows = list(group)
        if noise:
            folded = [f"{fmt.hm(row.at)}　{row.verb}{'　' + row.text if row.text else ''}" for row in rows]
            words = ngettext("%(n)d system record", "%(n)d system records", len(rows)) % {"n": len(rows)}
            yield {"folded": folded, "summary": words}
            continue
        for row in rows:
            yield {
                "who": row.who,
                "place": row.place,
                "time": fmt.hm(row.at),
                "verb": row.verb,
                "text": row.text,
                "flag": row.flag,
                "tone": row.tone,
                "id": row.id,
            }


# --- events ----------------------------------------------------------------------------------------------------------


def line(case: CaseFile, event: Event) -> Line:
    data = data_of(event)
    who, place = _who(case, event, data)
    system = data.get("as") == "system" and event.kind not in (A.WITHDRAW, A.LAPSE)
    return Line(
        at=event.at,
        who=who,
        place=place,
        verb=_verb(event, data),
        text=_text(case, event, data),
        flag=_("Visible to the enterprise") if event.public and case.fields.staff else "",
        tone="" if event.kind in WORDS else KEY,
        id=f"e{event.seq}",
        order=event.seq,
        noise=system and event.kind == "promise_due",
    )


def _who(case: CaseFile, event: Event, data: dict[str, Any]) -> tuple[str, str]:
    """Name and place. The submitter hears units, not persons; whoever may not know the submitter reads “submitter”."""
    if data.get("as") == "system":
        return _("System"), ""
    post = case.post(event.post_id)
    if post is None or data.get("as") == "submitter":
        return _submitter(case)
    if data.get("as") == "filer" and not case.fields.who:
        return _("Staff, on behalf"), ""
    unit = post.unit.label if post.unit else ""
    if not case.fields.staff:
        return unit or str(post.get_role_display()), ""
    return str(post.user), " · ".join(part for part in (unit, title_of(post)) if part)


def title_of(post: Post) -> str:
    return post.title or str(post.get_role_display())


def _submitter(case: CaseFile) -> tuple[str, str]:
    if not case.fields.who:
        return _("Submitter"), ""
    name = case.issue.enterprise.name if case.issue.enterprise else case.issue.body.contact_name
    return name or _("Submitter"), str(case.issue.get_channel_display())


def _verb(event: Event, data: dict[str, Any]) -> str:
    if event.kind == A.SIGN and data.get("deemed"):
        return _("Deemed signed")
    if event.kind == A.LAPSE and data.get("invitation"):
        return _("Second invitation to rate")
    if event.kind in (A.GRANT, A.DENY):
        kind = states.RequestKind(data["kind"]).label if data.get("kind") in states.RequestKind.values else ""
        return f"{label(event.kind)}：{kind}" if kind else label(event.kind)
    return label(event.kind)


def _text(case: CaseFile, event: Event, data: dict[str, Any]) -> str:
    if event.kind == A.VERIFY and not case.fields.staff:
        return _answer(case, event)
    writer = TEXTS.get(event.kind)
    return writer(case, data) if writer else ""


def _answer(case: CaseFile, event: Event) -> str:
    """What the unit proposed is the answer to the submitter once it was checked, and only then."""
    proposed = [one for one in case.events if one.kind == A.PROPOSE and one.seq < event.seq]
    return _propose(case, data_of(proposed[-1])) if proposed else ""


Writer = Callable[["CaseFile", dict[str, Any]], str]


def hidden() -> str:
    return _("(Commercial secret: not for your eyes.)")


def said(case: CaseFile, text: Any) -> str:
    """Words that somebody wrote about the matter: hidden where the text is."""
    if not text:
        return ""
    return str(text) if case.fields.text else hidden()


def inner(case: CaseFile, text: Any) -> str:
    """Words among staff: never for the submitter."""
    return said(case, text) if case.fields.staff else ""


def unit_name(case: CaseFile, code: Any) -> str:
    unit = case.units_by_code.get(str(code or ""))
    return unit.name if unit else str(code or "")


def names(case: CaseFile, codes: Any) -> str:
    return _(", ").join(unit_name(case, code) for code in codes or [])


def on(day: str) -> str:
    """A date as it stands in an event, in words."""
    return fmt.cn_date(date.fromisoformat(day))


def joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _assign(case: CaseFile, data: dict[str, Any]) -> str:
    lead = _("In charge: %(unit)s") % {"unit": unit_name(case, data.get("unit"))}
    co = _("co-units %(units)s") % {"units": names(case, data["co_units"])} if data.get("co_units") else ""
    final = _("final assignment: it cannot be refused again") if data.get("final") and case.fields.staff else ""
    return joined(_("; ").join(part for part in (lead, co, final) if part), inner(case, data.get("text")))


def _refuse(case: CaseFile, data: dict[str, Any]) -> str:
    clause = _("Clause: %(clause)s") % {"clause": data["clause"]} if data.get("clause") else ""
    right = _("Right unit: %(unit)s") % {"unit": unit_name(case, data["unit"])} if data.get("unit") else ""
    return joined(inner(case, data.get("reason")), inner(case, clause), right)


def _sign(case: CaseFile, data: dict[str, Any]) -> str:
    if data.get("deemed"):
        return _("Not signed for within the limit: counted as signed late.")
    return _("Handler: %(name)s") % {"name": data["handler"]} if data.get("handler") else ""


def _reassign(case: CaseFile, data: dict[str, Any]) -> str:
    return joined(
        _("In charge: %(unit)s") % {"unit": unit_name(case, data.get("unit"))}, inner(case, data.get("reason"))
    )


def _feed_back(case: CaseFile, data: dict[str, Any]) -> str:
    done = _("Its part is done.") if data.get("done") else ""
    return joined(said(case, data.get("text")), done)


def _extend(case: CaseFile, data: dict[str, Any]) -> str:
    return joined(_("%(n)s working days") % {"n": data.get("days")}, inner(case, data.get("reason")))


def _suspend(case: CaseFile, data: dict[str, Any]) -> str:
    reason = data.get("reason")
    why = str(states.SuspendReason(reason).label) if reason in states.SuspendReason.values else ""
    until = _("until %(day)s") % {"day": on(data["until"])} if data.get("until") else ""
    return joined(_("; ").join(part for part in (why, until) if part), inner(case, data.get("text")))


def _grant(case: CaseFile, data: dict[str, Any]) -> str:
    parts = [
        _("%(n)s working days") % {"n": data["days"]} if data.get("days") else "",
        _("until %(day)s") % {"day": on(data["until"])} if data.get("until") else "",
        _("The supervision office rules next.") if data.get("first") else "",
    ]
    return joined(_("; ").join(part for part in parts if part), inner(case, data.get("text")))


def _decide(case: CaseFile, data: dict[str, Any]) -> str:
    unit = _("Carried out by %(unit)s") % {"unit": unit_name(case, data.get("unit"))}
    due = _("due %(day)s") % {"day": on(data["due"])} if data.get("due") else ""
    lead = data.get("lead_unit")
    proposed = _("proposes %(unit)s to take charge") % {"unit": unit_name(case, lead)} if lead else ""
    return joined(inner(case, data.get("text")), _("; ").join(part for part in (unit, due, proposed) if part))


def _propose(case: CaseFile, data: dict[str, Any]) -> str:
    outcome = data.get("outcome")
    word = str(states.Outcome(outcome).label) if outcome in states.Outcome.values else ""
    promised = _("promised for %(day)s") % {"day": on(data["promised_on"])} if data.get("promised_on") else ""
    clause = _("Clause: %(clause)s") % {"clause": data["clause"]} if data.get("clause") else ""
    return joined(
        _("; ").join(part for part in (word, promised) if part), said(case, data.get("account")), said(case, clause)
    )


def _verify(case: CaseFile, data: dict[str, Any]) -> str:
    cause = data.get("cause")
    why = ""
    if case.fields.staff and cause in states.Cause.values:
        why = _("Cause: %(cause)s") % {"cause": states.Cause(cause).label}
    return joined(inner(case, data.get("text")), why)


def _rate(case: CaseFile, data: dict[str, Any]) -> str:
    solved = data.get("solved")
    word = str(states.Solved(solved).label) if solved in states.Solved.values else "—"
    figures = _("Solved: %(word)s; satisfaction: %(n)s of 5") % {"word": word, "n": data.get("satisfaction")}
    again = _("Handling begins again.") if data.get("reopened") else ""
    closed = _("With this it is closed.") if data.get("state") == states.State.CLOSED and not again else ""
    return joined(figures, str(data.get("text") or "") if case.fields.rating else "", again, closed)


def _decline(case: CaseFile, data: dict[str, Any]) -> str:
    reason = data.get("reason")
    word = str(states.DeclineReason(reason).label) if reason in states.DeclineReason.values else ""
    return joined(word, said(case, data.get("text")))


def _withdraw(case: CaseFile, data: dict[str, Any]) -> str:
    if data.get("why") == "not_supplemented":
        return _("Not supplemented within the limit.")
    return said(case, data.get("reason"))


def _decision_feedback(case: CaseFile, data: dict[str, Any]) -> str:
    return joined(inner(case, data.get("text")), _("Done.") if data.get("done") else "")


def _plain(key: str, reader: Callable[[CaseFile, Any], str] = said) -> Writer:
    return lambda case, data: reader(case, data.get(key))


TEXTS: dict[str, Writer] = {
    A.RETURN: _plain("text"),
    A.SUPPLEMENT: _plain("text"),
    A.DECLINE: _decline,
    A.MERGE: lambda case, data: _("Joins %(number)s") % {"number": data.get("into")},
    A.ASSIGN: _assign,
    A.REFUSE: _refuse,
    A.SIGN: _sign,
    A.REASSIGN: _reassign,
    A.RELEASE: _refuse,
    A.FEED_BACK: _feed_back,
    A.EXTEND: _extend,
    A.SUSPEND: _suspend,
    A.CLOSE_OVER: _plain("reason", inner),
    A.GRANT: _grant,
    A.DENY: _plain("reason", inner),
    A.ESCALATE: _plain("text", inner),
    A.DECIDE: _decide,
    A.PROPOSE: _propose,
    A.SEND_BACK: _plain("reason", inner),
    A.VERIFY: _verify,
    A.RATE: _rate,
    A.UPHOLD: _plain("text"),
    A.REOPEN: _plain("reason"),
    A.WITHDRAW: _withdraw,
    "decision_feedback": _decision_feedback,
    "hand_over": handedover.words,
}


# --- rungs -----------------------------------------------------------------------------------------------------------


def _rungs(case: CaseFile) -> Iterable[Line]:
    """A breach is told in the open; the other rungs are noise. Imported ones were never sent."""
    clocks = {running.pk: running for running in case.clocks}
    for reminder in case.reminders:
        running = clocks.get(reminder.clock_id)
        if running is None or reminder.imported:
            continue
        kind = ClockKind(running.kind).label
        breach = reminder.rung == Rung.BREACH
        yield Line(
            at=reminder.rung_at,
            who=holder(case, running),
            verb=f"{kind}：{Rung(reminder.rung).label}",
            tone=LATE if breach else "",
            noise=not breach,
        )


def holder(case: CaseFile, running: Clock) -> str:
    """Who must act by a clock, in one line."""
    unit, post = case.unit(running.holder_unit_id), case.post(running.holder_post_id)
    if unit:
        return unit.name
    if post:
        return f"{post.user}　{title_of(post)}"
    if running.side == "submitter":
        return _("Submitter")
    return str(Role.COORDINATOR.label)
