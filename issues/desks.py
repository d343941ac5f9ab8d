"""Whose desk an issue is: the coordinators'; a complaint's the supervisors', and where the complaint is about all of
them, the chiefs'. Nobody of the unit complained of is ever among them, in whatever post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import conflicts
from accounts.models import Post, Unit
from accounts.roles import UNIT_ROLES, Role

if TYPE_CHECKING:
    from issues.models import Issue

COMPLAINT = "complaint"


def role_of(issue: Issue) -> str:
    """The role of the desk, looked up once per instance."""
    if issue.kind != COMPLAINT:
        return Role.COORDINATOR
    if not hasattr(issue, "_desk_role"):
        able = _able(issue, Role.SUPERVISOR).exists()
        issue._desk_role = Role.SUPERVISOR if able else Role.CHIEF  # type: ignore[attr-defined]
    return issue._desk_role  # type: ignore[attr-defined]


def preload(issues: Iterable[Issue]) -> None:
    """The roles of a page of issues, in three queries whatever its size."""
    complaints = [issue for issue in issues if issue.kind == COMPLAINT]
    if not complaints:
        return
    about = {issue.about_unit_id for issue in complaints if issue.about_unit_id}
    people = conflicts.people(dict(Unit.objects.filter(pk__in=about).values_list("pk", "path")))
    supervisors = set(Post.objects.current().filter(role=Role.SUPERVISOR).values_list("user_id", flat=True))
    for issue in complaints:
        able = supervisors - people.get(issue.about_unit_id or 0, set())
        issue._desk_role = Role.SUPERVISOR if able else Role.CHIEF  # type: ignore[attr-defined]


def posts(issue: Issue) -> list[int]:
    """The posts of the desk, the one longest in office first."""
    return list(_able(issue, role_of(issue)).values_list("pk", flat=True))


def chief(issue: Issue) -> int | None:
    return _able(issue, Role.CHIEF).values_list("pk", flat=True).first()


def _able(issue: Issue, role: str) -> Any:
    rows = Post.objects.current().filter(role=role).order_by("starts_at", "pk")
    return rows.exclude(user__in=barred(issue)) if issue.about_unit_id else rows


def barred(issue: Issue) -> set[int]:
    """The people of the unit complained of: with any post in it, or in a unit's post above it (as policy.scope)."""
    if issue.about_unit_id is None:
        return set()
    path = Unit.objects.values_list("path", flat=True).get(pk=issue.about_unit_id)
    return conflicts.people({issue.about_unit_id: path})[issue.about_unit_id]


def in_conflict(issue: Issue) -> bool:
    """The desk cannot judge the unit in charge: it is its own, or all of its people hold posts in it or head it."""
    if issue.lead_unit is None:
        return False
    if not hasattr(issue, "_in_conflict"):
        issue._in_conflict = conflicts.of_desk(role_of(issue), issue.lead_unit)  # type: ignore[attr-defined]
    return issue._in_conflict  # type: ignore[attr-defined]


def private(now: datetime | None = None) -> Iterable[tuple[str, list[int]]]:
    """The complaints with a deadline that is due to be told of at ``now`` (of all that run without it), and who must
    never hear of each: for the reminder ladder."""
    from deadlines.models import Clock
    from issues.models import Issue

    clocks = Clock.objects.open().filter(subject_kind="issue")
    if now is not None:
        clocks = clocks.filter(next_rung_at__lte=now)
    found = Issue.objects.filter(kind=COMPLAINT, pk__in=clocks.values("subject_id"))
    rows = list(found.values_list("number", "about_unit_id", "about_unit__path"))
    people = conflicts.people({about: path for _number, about, path in rows if about})
    return [(number, sorted(people.get(about, ()))) for number, about, _path in rows]


def left_to_chiefs() -> Q:
    """On Issue: the complaints whose desk is the chiefs'. Two queries, however many supervisors there are."""
    current = Post.objects.current()
    supervisors = current.filter(role=Role.SUPERVISOR).values("user_id")
    held: dict[int, set[int]] = {}
    heads: dict[int, set[int]] = {}
    for user, unit, role in current.filter(user__in=supervisors).values_list("user_id", "unit_id", "role"):
        held.setdefault(user, set()).add(unit)
        heads.setdefault(user, set()).update({unit} if role in UNIT_ROLES else ())
    if not held:
        return Q(kind=COMPLAINT)
    below = list(Unit.objects.under(sorted(set().union(*heads.values()))).values_list("pk", "path"))
    barred_from = [
        held[user] | {unit for unit, path in below if not heads[user].isdisjoint(path)} for user in held
    ]  # fmt: skip
    return Q(kind=COMPLAINT, about_unit__in=set.intersection(*barred_from) - {None})
