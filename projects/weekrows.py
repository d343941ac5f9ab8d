"""The report of the week in words: how far each project is with each step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import fmt
from projects.models import Project
from projects.states import FRIDAY_STEPS, Category


def steps() -> list[Any]:
    return [label for _key, label in FRIDAY_STEPS]


def projects(actor: Actor, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells in words. The project's own page is there only for who sees the project."""
    seen = set(
        Project.objects.visible_to(actor).filter(code__in=[row["code"] for row in rows]).values_list("code", flat=True)
    )
    return [
        {
            "name": row["name"],
            "code": row["code"],
            "url": reverse("projects:plan", args=[row["code"]]) if row["code"] in seen else "",
            "tracks": _tracks(row),
            "unit": row["unit__name"] or "—",
            "cells": [_cell(str(label), row["cells"].get(key)) for key, label in FRIDAY_STEPS],
        }
        for row in rows
    ]


def _tracks(row: dict[str, Any]) -> str:
    flags = ("fast_early", "fast_promise", "fast_build")
    told = [str(Project._meta.get_field(flag).verbose_name) for flag in flags if row[flag]]
    return "、".join(
        [*([str(Category.PLANNED_START.label)] if row["category"] == Category.PLANNED_START else []), *told]
    )


def _cell(label: str, cell: dict[str, Any] | None) -> dict[str, Any]:
    words = {
        "open": _("Not begun"),
        "running": _("Under way"),
        "returned": _("Returned for correction"),
        "granted": _("Obtained"),
        "refused": _("Refused"),
        "dropped": _("Not needed"),
    }
    if cell is None:
        return {"label": label, "word": _("Project not in the plan"), "day": "", "late": False, "done": False}
    day = fmt.md(date.fromisoformat(cell["day"])) if cell["day"] else ""
    word = _("Late") if cell["late"] else words[cell["word"]]
    return {"label": label, "word": word, "day": day, "late": cell["late"], "done": cell["word"] == "granted"}
