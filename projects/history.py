"""Who changed what of a project when: its part of the audit trail, for staff who see the project.

Contacts of people and long texts are not in the trail's details; officials stand there by name and unit.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit, messages
from accounts.models import AuditEntry, Post, Unit
from common import fmt
from projects import gates
from projects.imports.columns import BY_HEADING
from projects.models import Enterprise, MonthFigure, PlanItem, Project, YearPlan
from projects.states import CheckResult, Duty, Finding, LogKind, PromiseSide, Review, Tier

# What is done to a project and to the parts of its file is recorded under the code of the project.
KINDS = ("project", "planitem", "monthfigure", "promise")
# Details in words; those that name a post by its key; what has no word here is for the machine alone.
WORDS = {
    "name": gettext_lazy("Name"),
    "item": gettext_lazy("Item"),
    "on": gettext_lazy("Day"),
    "field": gettext_lazy("Day"),
    "reason": gettext_lazy("Reason"),
    "text": gettext_lazy("Words"),
    "missing": gettext_lazy("Missing then"),
    "file": gettext_lazy("File"),
    "number": gettext_lazy("Number"),
    "kind": gettext_lazy("Kind"),
    "duty": gettext_lazy("Duty"),
    "tier": gettext_lazy("Meeting"),
    "passed": gettext_lazy("No objection"),
    "favourable": gettext_lazy("Favourable"),
    "consent": gettext_lazy("Consent"),
    "month": gettext_lazy("Month"),
    "year": gettext_lazy("Year"),
    "planned_end": gettext_lazy("Planned end"),
    "ruling": gettext_lazy("Ruling"),
    "side": gettext_lazy("Who promised"),
    "due_on": gettext_lazy("Due on"),
    "result": gettext_lazy("Result"),
    "finding": gettext_lazy("Finding"),
    "issue": gettext_lazy("Issue"),
}
POSTS = {
    "holder": gettext_lazy("Person"),
    "leader": gettext_lazy("Leader"),
    "owner": gettext_lazy("First contact"),
    "heir": gettext_lazy("Who takes over"),
    "to": gettext_lazy("Who takes over"),
}
# A word of the details → what its values are called: the same value may stand in two of them.
CODES: dict[str, dict[str, Any]] = {
    name: {str(value): label for words in kinds for value, label in words.choices}
    for name, kinds in {
        "duty": (Duty,),
        "tier": (Tier,),
        "kind": (Review, LogKind),
        "side": (PromiseSide,),
        "result": (CheckResult,),
        "finding": (Finding,),
    }.items()
}
# Where the fields of a change belong, the project's own first.
MODELS = (Project, MonthFigure, YearPlan, PlanItem)
MONTH = re.compile(r"month_(\d+)")


def entries(project: Project) -> QuerySet[AuditEntry]:
    """What was done to the project, newest first. Reading is not in it."""
    done = AuditEntry.objects.filter(object_kind__in=KINDS, object_ref=project.code, result=audit.OK)
    return done.select_related("user", "post__unit")


def rows(found: list[AuditEntry]) -> list[dict[str, Any]]:
    """Three queries for the names of a page, however many rows."""
    names = _posts(found)
    known = {Unit: _changed(found, Unit), Enterprise: _changed(found, Enterprise)}
    return [
        {
            "at": fmt.md_hm(entry.at),
            "act": messages.act_word(entry.act),
            "by": entry.user.name if entry.user else "",
            "unit": entry.post.unit.label if entry.post and entry.post.unit else "",
            "detail": "；".join([*_details(entry.detail, names), *_changes(entry.detail, known)]),
        }
        for entry in found
    ]


def _posts(found: list[AuditEntry]) -> dict[int, str]:
    keys = {value for entry in found for name in POSTS if isinstance(value := entry.detail.get(name), int)}
    return dict(Post.objects.filter(pk__in=keys).values_list("pk", "user__name")) if keys else {}


def _changed(found: list[AuditEntry], model: Any) -> dict[str, str]:
    """The names behind the keys that changes from one row of ``model`` to another hold."""
    fields = {one.name for one in Project._meta.concrete_fields if one.related_model is model}
    pairs = [pair for entry in found for name, pair in entry.detail.get("changes", {}).items() if name in fields]
    keys = {str(key) for pair in pairs for key in pair if key and str(key).isdigit()}
    return {str(row.pk): row.name for row in model.objects.filter(pk__in=keys)} if keys else {}


def _details(detail: dict[str, Any], names: dict[int, str]) -> list[str]:
    told = [f"{word}：{names[detail[key]]}" for key, word in POSTS.items() if detail.get(key) in names]
    for key, word in WORDS.items():
        if (value := detail.get(key)) not in (None, "", []):
            told.append(f"{word}：{CODES.get(key, {}).get(str(value)) or _plain(value)}")
    return told


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(str(gates.LABELS.get(one, one)) for one in value) or "—"
    field = _field(value) if isinstance(value, str) else None
    return str(field.verbose_name) if field is not None and value.endswith("_on") else str(value)


def _changes(detail: dict[str, Any], known: dict[Any, dict[str, str]]) -> list[str]:
    told = []
    for name, pair in {**detail.get("changes", {}), **detail.get("months", {})}.items():
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        field = _field(name)
        if field is not None and field.name != "parcels":
            before, now = (_value(field, one, known) for one in pair)
            told.append(f"{field.verbose_name}：{before} → {now}")
        elif label := _label(name):
            told.append(f"{label}：{_plain(pair[0] or '—')} → {_plain(pair[1] or '—')}")
    if answered := detail.get("answered"):
        word = _("Included") if answered.get("included") else _("Not included: %(why)s") % {"why": answered["why_not"]}
        told.append(_("Statistics had said: %(word)s") % {"word": word})
    return told


def _label(name: str) -> str:
    """What is no field: the parcels, the plan of a month, and the headings of a list that came in."""
    if name == "parcels":
        return _("Parcels")
    if found := MONTH.fullmatch(name):
        return _("Plan of month %(n)s (10,000 yuan)") % {"n": found[1]}
    return name if name in BY_HEADING or name.endswith("年计划投资") else ""


def _value(field: Any, value: Any, known: dict[Any, dict[str, str]]) -> str:
    if value in (None, "", "None"):
        return "—"
    if isinstance(field, ForeignKey):
        return known.get(field.related_model, {}).get(str(value), "…")
    return str(dict(field.choices).get(value, value)) if field.choices else _plain(value)


def _field(name: str) -> Any:
    for model in MODELS:
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if found.concrete:
            return found
    return None
