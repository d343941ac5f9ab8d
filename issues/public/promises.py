"""What is promised to whoever submits, from the limits that are in force."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from common import clock, fmt
from deadlines import calendar, wording
from deadlines.models import Clock
from deadlines.services.clocks import limit_of
from deadlines.states import ClockKind
from issues.models import Issue
from issues.states import IssueKind


class Promise(NamedTuple):
    """``strong`` is how soon, ``text`` what."""

    strong: str
    text: str


def three() -> list[Promise]:
    at = clock.now()
    return [
        Promise(_within(ClockKind.ACCEPTANCE, at), _("a unit in charge has it, and you can see which")),
        Promise(_within(ClockKind.FEEDBACK, at), _("after that the unit says its first word to you")),
        _your_word(),
    ]


def _your_word() -> Promise:
    then = _("if you are not satisfied, it goes on or the supervision office reviews it")
    return Promise(_("You are asked to rate it"), then)


def of_complaints() -> list[Promise]:
    """No unit is promised: the supervision office takes it up itself."""
    return _complaint(_within(ClockKind.ACCEPTANCE, clock.now()))


def _complaint(first: str) -> list[Promise]:
    return [
        Promise(first, _("the supervision office takes it up, and you can follow it")),
        _your_word(),
    ]


def _within(kind: str, at: datetime) -> str:
    return _("Within %(limit)s") % {"limit": wording.limit(*limit_of(kind=kind, at=at))}


def of_this(issue: Issue) -> list[Promise]:
    """The same with the dates of one issue that was just submitted."""
    at = clock.now()
    acceptance = Clock.objects.of("issue", issue.pk).filter(kind=ClockKind.ACCEPTANCE).order_by("started_at").last()
    given = acceptance.due_at if acceptance else at
    if issue.kind == IssueKind.COMPLAINT:
        return _complaint(_("By %(day)s") % {"day": fmt.cn_date(given)})
    amount, unit = limit_of(kind=ClockKind.FEEDBACK, at=at)
    heard = calendar.current().due(given, amount, unit)
    return [
        Promise(_("By %(day)s") % {"day": fmt.cn_date(given)}, _("a unit in charge has it, and you can see which")),
        Promise(_("By %(day)s") % {"day": fmt.cn_date(heard)}, _("the unit says its first word to you")),
        _your_word(),
    ]
