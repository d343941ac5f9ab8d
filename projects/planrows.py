"""The items of a plan as flat rows, with what may be done with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can
from common import clock, fmt
from common.fmt import Light
from deadlines import wording
from deadlines.models import Clock
from deadlines.states import ClockKind
from documents.models import Attachment
from projects import figures
from projects.files import reads_evidence
from projects.models import PlanItem, PlanRevision, Project
from projects.services.items import EVIDENCE
from projects.states import SUBJECT, ItemKind, ItemState

S = ItemState
# Verb → the states in which its link stands there; approvals alone are returned or refused.
LINKS: dict[str, tuple[frozenset[str], bool]] = {
    "start_item": (frozenset({S.PENDING, S.RETURNED}), False),
    "finish_item": (frozenset({S.PENDING, S.RUNNING}), False),
    "return_item": (frozenset({S.RUNNING}), True),
    "refuse_item": (frozenset({S.RUNNING, S.RETURNED}), True),
    "revise_item": (frozenset({S.PENDING, S.RUNNING, S.RETURNED}), False),
    "assign_item": (frozenset({S.PENDING, S.RUNNING, S.RETURNED}), False),
    "drop_item": (frozenset({S.PENDING, S.RUNNING, S.RETURNED}), False),
}


# What is done next stands as a button.
MAIN = frozenset({"start_item", "finish_item", "grant_revision"})


def words() -> dict[str, str]:
    return {
        "start_item": _("Begin"),
        "finish_item": _("Report as done"),
        "return_item": _("Return for correction"),
        "refuse_item": _("Refuse it"),
        "revise_item": _("Change dates"),
        "assign_item": _("Change the unit"),
        "drop_item": _("Not needed"),
        "grant_revision": _("Consent to the later date"),
        "deny_revision": _("Do not consent"),
    }


def items_of(project: Project) -> list[PlanItem]:
    items = list(project.plan.with_light(clock.today()).select_related("unit").prefetch_related("revisions", "returns"))
    for item in items:
        item.project = project
    return items


def rows(actor: Actor, items: Sequence[PlanItem]) -> list[dict[str, Any]]:
    files = _files([item.pk for item in items if reads_evidence(actor, item)])
    labels, sheets = words(), _sheets(items)
    return [_row(actor, item, files.get(item.pk, []), labels) | {"sheet": sheets.get(item.pk, "")} for item in items]


def _sheets(items: Sequence[PlanItem]) -> dict[int, str]:
    """Item → its deadline sheet, that of the last clock; one query."""
    if not items:
        return {}
    project = items[0].project
    clocks = Clock.objects.filter(subject_kind=SUBJECT, subject_id=project.pk, kind=ClockKind.APPROVAL).order_by("pk")
    return {
        int(part): reverse("projects:certificate", args=[project.code, pk])
        for pk, part in clocks.values_list("pk", "part")
    }


def _row(actor: Actor, item: PlanItem, files: list[dict[str, str]], labels: dict[str, str]) -> dict[str, Any]:
    unit = item.unit or item.project.unit
    waiting = next((one for one in item.revisions.all() if one.granted is None), None)
    return {
        "pk": item.pk,
        "name": item.name,
        "kind": item.get_kind_display(),
        "note": item.note,
        "planned": span(item.planned_start, item.planned_end),
        "first": _first(item),
        "actual": span(item.started_on, item.ended_on) if item.ended_on or not item.started_on else _since(item),
        "reported": _reported(item),
        "unit": unit.label if unit else "—",
        "state": item.get_state_display(),
        "light": light(item),
        "days": _days(item),
        "returned": item.times_returned,
        "until": _until(item),
        "files": files,
        "waiting": _waiting(waiting) if waiting else "",
        "links": [_link(item, verb, labels, n) for n, verb in enumerate(_verbs(actor, item, waiting))],
    }


def _until(item: PlanItem) -> str:
    """The day by which what is missing is to be completed, while it is."""
    if item.state != S.RETURNED:
        return ""
    return next((fmt.cn_date(one.until) for one in item.returns.all() if one.taken_up_at is None and one.until), "")


def _link(item: PlanItem, verb: str, labels: dict[str, str], place: int) -> dict[str, Any]:
    url = reverse(f"projects:{verb}", args=[item.project.code, item.pk])
    return {"url": url, "label": labels[verb], "main": place == 0 and verb in MAIN}


def _verbs(actor: Actor, item: PlanItem, waiting: PlanRevision | None) -> list[str]:
    verbs = ["grant_revision", "deny_revision"] if waiting else []
    for verb, (when, approvals_only) in LINKS.items():
        if item.state in when and (item.kind == ItemKind.APPROVAL or not approvals_only):
            verbs.append(verb)
    if item.kind == ItemKind.APPROVAL and item.state == S.PENDING:
        verbs.remove("finish_item")  # when it began must be known first
    elif item.kind == ItemKind.MILESTONE and "start_item" in verbs:
        verbs.remove("start_item")  # it is reached on one day
    if waiting:
        verbs.remove("revise_item")
    return [verb for verb in verbs if can(actor, verb, item)]


def span(start: Any, end: Any) -> str:
    if start and end and start != end:
        return f"{fmt.md(start)} – {fmt.md(end)}"
    return fmt.md(end or start) or "—"


def _since(item: PlanItem) -> str:
    return _("since %(day)s") % {"day": fmt.md(item.started_on)}


def _reported(item: PlanItem) -> str:
    """The day of the report, where it is another one than the day reported."""
    if item.reported_at is None or (day := item.ended_on or item.started_on) is None:
        return ""
    typed = clock.local(item.reported_at).date()
    late = item.state in (S.RUNNING, S.DONE, S.REFUSED) and typed != day
    return _("entered %(day)s") % {"day": fmt.md(typed)} if late else ""


def _first(item: PlanItem) -> str:
    """The first dates, where others hold now."""
    first = (item.baseline_start, item.baseline_end)
    return span(*first) if any(first) and first != (item.planned_start, item.planned_end) else ""


def light(item: PlanItem) -> Light | None:
    if item.light is None:
        return None
    late = item.light == "overdue"
    return fmt.light("yellow" if late else item.light, breached=late)


def _days(item: PlanItem) -> dict[str, str]:
    """Promised ÷ statutory, with what it saves, and what was taken in the end."""
    if item.promised_days is None:
        return {"limit": "—", "due": "", "saved": "", "taken": "", "over": ""}
    share = figures.compression([item])
    return {
        "limit": wording.limit(item.promised_days, item.day_kind),
        "due": fmt.md(item.due_on) if item.due_at else "",
        "saved": _("of %(statutory)d by law, %(share)s less") % {"statutory": item.statutory_days, "share": share.shown}
        if item.statutory_days
        else "",
        "taken": "" if item.taken_days is None else _("took %(n)d") % {"n": item.taken_days},
        "over": _over(item),
    }


def _over(item: PlanItem) -> str:
    """By how many days an approval took longer than promised."""
    if item.taken_days is None or item.promised_days is None or item.taken_days <= item.promised_days:
        return ""
    return _("%(limit)s over the promise") % {
        "limit": wording.limit(item.taken_days - item.promised_days, item.day_kind)
    }


def compression(items: Sequence[PlanItem]) -> dict[str, Any] | None:
    """By how much the promised days are less than those of the law, over the approvals that have both."""
    figure = figures.compression(items)
    if figure.value is None:
        return None
    return {"label": str(figure.label), "value": figure.shown, "lines": [figure.fraction]}


def _waiting(revision: PlanRevision) -> str:
    facts = {"span": span(revision.new_start, revision.new_end), "reason": revision.reason}
    return _("Asked for %(span)s: %(reason)s") % facts


def _files(items: list[int]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for file in Attachment.objects.filter(subject_kind=EVIDENCE, subject_id__in=items):
        url = reverse("documents:attachment", args=[file.pk, file.name])
        found.setdefault(file.subject_id, []).append({"url": url, "name": file.name, "size": fmt.file_size(file.size)})
    return found


def lede(item: PlanItem, verb: str) -> str:
    """What the form of a verb is about, and what the verb brings."""
    planned = span(item.planned_start, item.planned_end)
    about = _("%(item)s, planned %(planned)s.") % {"item": item.name, "planned": planned}
    if verb == "revise_item":
        return about + " " + _("An earlier end holds at once, a later one with consent; the first date stays visible.")
    waiting = next((one for one in item.revisions.all() if one.granted is None), None)
    if verb in ("grant_revision", "deny_revision") and waiting:
        return f"{about} {_waiting(waiting)}"
    return about
