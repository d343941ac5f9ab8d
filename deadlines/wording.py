"""How a deadline is put into words on a page: its limit, its light's word, its birth certificate as the component
``components/certificate.html`` takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import fmt
from deadlines import calendar
from deadlines.certificate import COUNTED, LOST, OFF, RESTART, START, Certificate, CertifiedDay
from deadlines.models import Clock, ClockChange
from deadlines.states import ClockKind, LimitUnit


def limit(amount: int | None, unit: str) -> str:
    """15 working days; 2 working hours; 11 calendar days."""
    if amount is None:
        return _("a date given elsewhere")
    if unit == LimitUnit.WORKING_HOURS:
        return ngettext("%(n)d working hour", "%(n)d working hours", amount) % {"n": amount}
    if unit == LimitUnit.CALENDAR_DAYS:
        return ngettext("%(n)d calendar day", "%(n)d calendar days", amount) % {"n": amount}
    return ngettext("%(n)d working day", "%(n)d working days", amount) % {"n": amount}


def rule(certificate: Certificate) -> str:
    """The rule that made the deadline, and the edition of the calendar by which it was counted."""
    clock = certificate.clock
    facts = {
        "kind": ClockKind(clock.kind).label,
        "limit": limit(clock.amount, clock.unit),
        "closes": fmt.hm(calendar.close_of_business(calendar.day_of(clock.due_at))),
        "due": fmt.cn_datetime(clock.due_at),
        "rule": clock.rule.version if clock.rule else "",
        "calendar": certificate.calendar_number,
    }
    if clock.given:
        text = _("%(kind)s: due %(due)s, a date given elsewhere. Days counted by calendar edition %(calendar)s.")
    elif clock.rule is None:  # the limit was promised for this matter alone
        text = _(
            "%(kind)s: %(limit)s as promised, counted from the day after the start, until %(closes)s of the last day. "
            "Calendar edition %(calendar)s."
        )
    elif clock.unit == LimitUnit.WORKING_HOURS:
        text = _("%(kind)s: %(limit)s from the start. Time rule version %(rule)s, calendar edition %(calendar)s.")
    else:
        text = _(
            "%(kind)s: %(limit)s, counted from the day after the start, until %(closes)s of the last day. "
            "Time rule version %(rule)s, calendar edition %(calendar)s."
        )
    return text % facts


def component(
    certificate: Certificate, now: datetime, *, start: str = "", print_url: str = "", hidden: str | None = None
) -> dict[str, Any]:
    """What ``components/certificate.html`` takes. ``start`` is the act with which it began, in a word; ``hidden``
    stands for the written reasons of pauses and moves where the reader may not read the matter."""
    today = calendar.day_of(now)
    return {
        "rule": rule(certificate),
        "days": [_day(one, certificate, today == one.day, start) for one in certificate.days],
        "lines": lines(certificate, hidden=hidden),
        "print_url": print_url,
    }


def _day(one: CertifiedDay, certificate: Certificate, today: bool, start: str) -> dict[str, Any]:
    texts = {START: _("begins"), RESTART: _("begins"), OFF: _("off"), LOST: _("stands still"), COUNTED: str(one.k)}
    notes = {START: start, OFF: one.label, LOST: _("not counted"), RESTART: _("runs on")}
    note = notes.get(one.mark, "")
    if one.due:
        note = _("until %(time)s") % {"time": fmt.hm(certificate.clock.due_at)}
    elif today:
        note = _("today")
    return {
        "date": fmt.md(one.day),
        "text": texts[one.mark],
        "note": note,
        "weekday": one.day.isoweekday(),
        "tone": {OFF: "off", LOST: "pause"}.get(one.mark, ""),
        "start": one.mark == START,
        "today": today,
        "due": one.due,
        "provisional": one.source == "provisional",
    }


def lines(certificate: Certificate, *, hidden: str | None = None) -> list[str]:
    """The sentences under the days: the sums, the hours, the pauses, each move of the date, what is uncertain."""
    clock = certificate.clock
    told = [_sums(certificate)] if certificate.days else [_span(one) for one in certificate.spans]
    told += [_pause(clock, one, hidden) for one in clock.pauses.all()]
    told += [_change(one, hidden) for one in clock.changes.all()]
    if clock.provisional:
        told.append(_("Provisional: the holidays of that year have not been announced yet."))
    if clock.approximate_start:
        told.append(_("Its own first step was not recorded: it starts with the last recorded step before it."))
    if certificate.late_days and not clock.stopped_at:
        late = certificate.late_days
        told.append(ngettext("Late by %(n)d working day.", "Late by %(n)d working days.", late) % {"n": late})
    return told


def _sums(certificate: Certificate) -> str:
    return _("%(counted)d days counted, %(off)d days off skipped, %(lost)d days not counted.") % {
        "counted": certificate.count(COUNTED),
        "off": certificate.count(OFF),
        "lost": certificate.count(LOST),
    }


def _span(span: Any) -> str:
    return _("%(begin)s to %(end)s: %(minutes)d minutes counted.") % {
        "begin": fmt.cn_datetime(span.begin),
        "end": fmt.hm(span.end),
        "minutes": span.minutes,
    }


def _reason(written: str, hidden: str | None) -> str:
    return written if hidden is None or not written else hidden


def _pause(clock: Clock, pause: Any, hidden: str | None) -> str:
    unit = _("minutes") if clock.unit == LimitUnit.WORKING_HOURS else _("days")
    facts = {
        "begin": fmt.md_hm(pause.started_at),
        "end": fmt.md_hm(pause.ended_at),
        "reason": _reason(pause.reason, hidden),
        "awaited": pause.awaited,
        "lost": f"{pause.lost} {unit}",
    }
    if pause.ended_at is None:
        return _("Held since %(begin)s, waiting for %(awaited)s: %(reason)s.") % facts
    return _("Held from %(begin)s to %(end)s, waiting for %(awaited)s: %(reason)s. Given back: %(lost)s.") % facts


def _change(change: ClockChange, hidden: str | None) -> str:
    text = _("%(at)s, %(why)s: due date moved from %(before)s to %(after)s.") % {
        "at": fmt.md_hm(change.at),
        "why": change.get_why_display(),
        "before": fmt.cn_datetime(change.before),
        "after": fmt.cn_datetime(change.after),
    }
    return f"{text} {_reason(change.reason, hidden)}".strip()
