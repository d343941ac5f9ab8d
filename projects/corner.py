"""企业专区: what an enterprise finds after sign-in: its projects, who answers for them and how to reach them, what
comes next and when, and its issues, which a higher app plugs in.

corner.plug_issues(rows)   # in AppConfig.ready(): rows(actor) -> context of the list
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from accounts.actors import Actor
from accounts.models import Post, Unit
from common import clock, fmt
from projects.models import Enterprise, PlanItem, Project, ProjectManager, Promise, TeamMember
from projects.services.managers import LEADING
from projects.states import OVER, WAY, PromiseSide, Stage

Issues = Callable[[Actor], dict[str, Any]]
_issues: list[Issues] = []
COMING = 4


def plug_issues(issues: Issues) -> None:
    """``issues(actor)``: ``rows`` and ``url`` of the enterprise's own issues."""
    _issues[:] = [issues]


def issues_of(actor: Actor) -> dict[str, Any]:
    return _issues[0](actor) if _issues else {"rows": [], "url": ""}


def own(actor: Actor) -> list[Enterprise]:
    """The enterprises for which the actor speaks, in the roles acted in; what was merged into them stays theirs."""
    mine = Q(pk__in=actor.enterprise_ids)
    rows = Enterprise.objects.filter(mine | Q(merged_into__in=actor.enterprise_ids))
    people = ("liaison_leader", "specialist", "partner", "resident")
    joins = [f"{name}__{more}" for name in people for more in ("user", "unit")]
    return list(rows.select_related("liaison_unit", *joins))


def projects_of(firms: list[Enterprise]) -> list[Project]:
    """Theirs alone, whatever else the person may see in another role; with all that the page shows. Six queries."""
    now = clock.now()
    managers = ProjectManager.objects.in_charge(now).select_related("post__user", "post__unit", "leader__user")
    team = TeamMember.objects.in_charge(now).select_related("post__user", "post__unit")
    plan = PlanItem.objects.open().filter(planned_end__isnull=False).select_related("unit").order_by("planned_end")
    promises = Promise.objects.open().select_related("unit")
    rows = Project.objects.filter(enterprise__in=firms).exclude(stage__in=OVER)
    found = list(
        rows.select_related("lead_unit", "unit", "manager__user", "manager__unit")
        .prefetch_related(
            Prefetch("managers", managers),
            Prefetch("team", team),
            Prefetch("plan", plan),
            Prefetch("promises", promises),
        )
        .order_by("code")
    )
    in_office = set(
        Post.objects.current(now).filter(pk__in=[one.manager_id for one in found]).values_list("pk", flat=True)
    )
    for project in found:
        project.leader_now = project.manager if project.manager_id in in_office else None  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Person:
    duty: str
    name: str
    place: str
    phone: str

    @classmethod
    def of(cls, duty: str, post: Post) -> Person:
        """A leader is reached by the office, everybody else by their own number where there is one."""
        office = post.unit.phone if post.unit else ""
        phone = office if post.role in LEADING else post.user.phone or office
        place = " · ".join(str(part) for part in (post.title or post.get_role_display(), post.unit) if part)
        return cls(duty, post.user.name, place, phone)


def people(project: Project, words: dict[str, str]) -> list[Person]:
    """The managers, then the team; ``words`` are the names of the duties."""
    found = [Person.of(words["manager"], one.post) for one in project.managers.all()]
    leader = project.leader_now  # type: ignore[attr-defined]  # projects_of
    if not found and leader is not None:
        found = [Person.of(words["manager"], leader)]
    return found + [Person.of(str(one.get_duty_display()), one.post) for one in project.team.all()]


def managerless(project: Project) -> bool:
    return not project.managers.all() and project.leader_now is None  # type: ignore[attr-defined]  # projects_of


def units(project: Project, words: dict[str, str]) -> list[Person]:
    found: list[tuple[str, Unit | None]] = [(words["lead_unit"], project.lead_unit), (words["unit"], project.unit)]
    return [Person(duty, unit.name, "", unit.phone) for duty, unit in found if unit is not None]


def coming(project: Project) -> list[dict[str, Any]]:
    """What comes next and when: open items of the plan, and what the government promised; the nearest first."""
    rows = [(item.planned_end, item.name, item.unit) for item in project.plan.all()]
    rows += [
        (promise.due_on, promise.text, promise.unit)
        for promise in project.promises.all()
        if promise.side == PromiseSide.GOVERNMENT
    ]
    rows.sort(key=lambda row: row[0])
    today = clock.today()
    return [
        {"day": fmt.plain_date(day), "text": text, "unit": unit.name if unit else "", "late": day < today}
        for day, text, unit in rows[:COMING]
    ]


def way(project: Project) -> list[dict[str, str]]:
    """The six stages for components/loop.html."""
    here = WAY.index(Stage(project.stage))
    return [
        {"label": str(stage.label), "state": "done" if n < here else "now" if n == here else "next"}
        for n, stage in enumerate(WAY)
    ]
