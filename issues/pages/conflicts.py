"""What a conflict page tells: who did what since the person opened the form, and what is different now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common import fmt
from common.errors import Conflict
from issues import casefile, policy, states, timeline
from issues.casefile import CaseFile
from issues.forms import FORMS, ActionForm
from issues.models import Event, Issue

MOST = 20


def version_seen(request: HttpRequest) -> int | None:
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else None


def kept_form(request: HttpRequest, issue: Issue, action: str, conflict: Conflict) -> tuple[ActionForm, str]:
    """The form with what was typed and the version of now, and the words of its button: none when the action no
    longer fits, or when it was not somebody else's step that stood in the way."""
    data = request.POST.copy()
    data["version"] = str(issue.version)
    form = FORMS[action](data, issue=issue, actor=request.actor)  # type: ignore[attr-defined]
    form.errors.clear()  # nothing is wrong with what was typed; the verb looks at it again
    fits = conflict.code == "stale" and policy.can(request.actor, action, issue)  # type: ignore[attr-defined]
    return form, _("I have checked it: go on and submit") if fits else ""


def told(request: HttpRequest, issue: Issue, conflict: Conflict) -> dict[str, Any]:
    """``title``, ``message``, and ``before``, ``now``, ``changes`` when others acted meanwhile."""
    case = casefile.load(request.actor, issue.number)  # type: ignore[attr-defined]
    since = _events_since(case, version_seen(request))
    if not since:
        return {"title": conflict.message, "message": "", "before": "", "now": "", "changes": []}
    lines = [timeline.line(case, event) for event in since]
    last = lines[-1]
    who = " · ".join(part for part in (last.who, last.place) if part)
    return {
        "title": _("While you were writing, %(who)s acted on this issue") % {"who": who},
        "message": conflict.message,
        "before": _("When you opened it"),
        "now": _("Now (%(at)s, %(who)s)") % {"at": fmt.hm(last.at), "who": last.who},
        "changes": _changes(issue, since, lines),
    }


def _events_since(case: CaseFile, seen: int | None) -> list[Event]:
    """Each step raises the version by one and writes one event: the last n steps are what the person has not seen."""
    missed = case.issue.version - seen if seen is not None else 0
    return case.events[-min(missed, MOST) :] if missed > 0 else []


def _changes(issue: Issue, since: list[Event], lines: list[timeline.Line]) -> list[dict[str, str]]:
    before = str(timeline.data_of(since[0]).get("from") or "")
    rows = []
    if before in states.State.values and before != issue.state:
        old, new = str(states.State(before).label), str(issue.get_state_display())
        rows.append({"label": _("State"), "before": old, "now": new})
    for one in lines:
        words = "　".join(part for part in (one.verb, one.text) if part)
        rows.append({"label": fmt.hm(one.at), "before": "—", "now": words})
    return rows
