"""The plan templates with which a district begins: what a project goes through, by its approval type.

The promised days add up to those of the source: 34 working days for a filed project, 11 calendar days for a small one
of low risk. A district enters its own units and days; a template that is there is never changed.
"""

from __future__ import annotations

from typing import NamedTuple

from projects.models import PlanTemplate, TemplateItem
from projects.states import CONSTRUCTION_PERMIT, JOINT_ACCEPTANCE, ApprovalType, DayKind, ItemKind


class Step(NamedTuple):
    """``offset`` and ``length`` in calendar days; ``statutory`` and ``promised`` in the days of ``days``."""

    key: str
    name: str
    offset: int
    length: int
    statutory: int | None = None
    promised: int | None = None
    days: str = DayKind.WORKING
    kind: str = ItemKind.APPROVAL


def milestone(key: str, name: str, offset: int) -> Step:
    return Step(key, name, offset, 1, kind=ItemKind.MILESTONE)


# What both go through: land, environment, safety and energy side by side; then works and drawings; water and power
# while building. The keys are those of the Friday report where it asks for the step.
LAND = (
    Step("land_permit", "用地规划许可", 75, 14, 20, 8),
    Step("land", "用地审批", 75, 14, 20, 8),
    Step("environment", "环境影响评价审批", 75, 14, 60, 8),
    Step("safety", "安全评价审查", 75, 14, 20, 8),
    Step("energy", "节能审查", 75, 14, 20, 8),
)
WORKS = (
    Step("works_permit", "工程规划许可", 89, 7, 20, 4),
    Step("reporting", "项目报建", 89, 3, 5, 1),
    Step("survey", "勘察审查", 89, 7, 10, 3),
    Step("drawings", "施工图审查", 89, 7, 15, 4),
)
BUILDING = (
    Step(CONSTRUCTION_PERMIT, "施工许可", 98, 7, 7, 3),
    milestone("started", "开工", 110),
    Step("utilities", "水电气讯接入", 200, 30, 22, 10),
    milestone("completed", "竣工", 480),
    Step(JOINT_ACCEPTANCE, "联合验收", 485, 20, 15, 8),
    milestone("produced", "投产", 520),
    milestone("capacity", "达产", 700),
)
BEGINNING = (milestone("talks", "洽谈", 0), milestone("signed", "签约", 45), milestone("capital_in", "进资", 60))
TEMPLATES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "核准类项目全流程": (
        ApprovalType.APPROVAL,
        (*BEGINNING, Step("filing", "立项核准", 50, 14, 20, 8), *LAND, *WORKS, *BUILDING),
    ),
    "备案类项目全流程": (
        ApprovalType.FILING,
        (*BEGINNING, Step("filing", "立项备案", 50, 5, 5, 1), *LAND, *WORKS, *BUILDING),
    ),
    "小型低风险项目": (
        ApprovalType.FILING,
        (
            *BEGINNING,
            Step("filing", "立项备案", 50, 2, 5, 1, DayKind.CALENDAR),
            Step("land_permit", "用地规划许可", 61, 4, 20, 3, DayKind.CALENDAR),
            Step("works_permit", "工程规划许可", 61, 4, 20, 3, DayKind.CALENDAR),
            Step("drawings", "施工图审查", 61, 4, 15, 3, DayKind.CALENDAR),
            Step(CONSTRUCTION_PERMIT, "施工许可", 65, 4, 7, 3, DayKind.CALENDAR),
            milestone("started", "开工", 70),
            milestone("completed", "竣工", 250),
            Step(JOINT_ACCEPTANCE, "联合验收", 252, 6, 15, 4, DayKind.CALENDAR),
            milestone("produced", "投产", 270),
            milestone("capacity", "达产", 360),
        ),
    ),
}


def plan_templates() -> str | None:
    """Those that are missing, by name."""
    made = 0
    for name, (approval_type, steps) in TEMPLATES.items():
        template, new = PlanTemplate.objects.get_or_create(name=name, defaults={"approval_type": approval_type})
        if new:
            made += 1
            TemplateItem.objects.bulk_create(_item(template, step, n) for n, step in enumerate(steps, start=1))
    return f"{made}" if made else None


def _item(template: PlanTemplate, step: Step, number: int) -> TemplateItem:
    return TemplateItem(
        template=template,
        key=step.key,
        kind=step.kind,
        name=step.name,
        order=number * 10,
        offset=step.offset,
        length=step.length,
        statutory_days=step.statutory,
        promised_days=step.promised,
        day_kind=step.days,
    )
