"""Who changed what of a project when: its part of the audit trail, for staff who see the project.

Contacts of people and long texts are not in the trail's details; officials stand there by name and unit.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts import audit, messages
from accounts.models import AuditEntry, Post
from common import fmt
from projects import gates
from projects.models import Project
from projects.states import Stage

KIND = "project"
# Details that name rows by their key: for the machine, not for readers.
POSTS = ("post", "leader", "owner", "heir", "to")


def entries(project: Project) -> QuerySet[AuditEntry]:
    """What was done to the project, newest first. Reading is not in it."""
    done = AuditEntry.objects.filter(object_kind=KIND, object_ref=project.code, result=audit.OK)
    return done.select_related("user", "post__unit")


def rows(found: list[AuditEntry]) -> list[dict[str, Any]]:
    names = _names(found)
    return [
        {
            "at": fmt.md_hm(entry.at),
            "act": messages.act_word(entry.act),
            "by": entry.user.name if entry.user else "",
            "unit": entry.post.unit.label if entry.post and entry.post.unit else "",
            "detail": messages.detail_text(_readable(entry.detail, names)),
        }
        for entry in found
    ]


def _names(found: list[AuditEntry]) -> dict[int, str]:
    keys = {value for entry in found for name in POSTS if isinstance(value := entry.detail.get(name), int)}
    return dict(Post.objects.filter(pk__in=keys).values_list("pk", "user__name")) if keys else {}


def _readable(detail: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    plain = {key: names.get(value, "") if key in POSTS else value for key, value in detail.items() if key != "changes"}
    if "missing" in plain:
        plain["missing"] = [str(gates.LABELS.get(key, key)) for key in plain["missing"]]
    changes = {key: _stages(pair) if key == "stage" else pair for key, pair in detail.get("changes", {}).items()}
    return {key: value for key, value in plain.items() if value not in ("", [])} | {"changes": changes}


def _stages(pair: list[str]) -> list[str]:
    words = dict(Stage.choices)
    return [str(words.get(Stage(one), one)) for one in pair]
