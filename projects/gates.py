"""The gates between the stages, as data: what each asks for, whether it is there, where it is mended (PRODUCT.md §4).

The facts of any number of projects are read with one query per kind of fact; a requirement only looks at them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock
from documents.models import Attachment
from projects.models import Lead, PlanItem, PreReview, Project, ProjectManager, TeamMember, TierDecision
from projects.states import (
    CONSTRUCTION_PERMIT,
    JOINT_ACCEPTANCE,
    NEXT,
    SECOND_MANAGER_FROM,
    TIERS,
    Duty,
    ItemState,
    Review,
    Stage,
    tier_for,
)

# Files of a project: the signed agreement, and all others. Kinds of subject of an attachment.
AGREEMENT, FILE = "agreement", "project"
RANK = {tier: rank for rank, (_least, tier) in enumerate(TIERS)}


@dataclass
class Facts:
    """What the gates ask of one project."""

    project: Project
    lead: Lead | None = None
    reviews: dict[str, bool] = field(default_factory=dict)  # kind → the last word: passed
    decided: bool = False  # favourable, by the right tier or above
    managers: int = 0
    specialists: int = 0
    agreement: bool = False
    done: set[str] = field(default_factory=set)  # keys of plan items


@dataclass(frozen=True)
class Requirement:
    """``where`` names the address of the page on which it is mended; it takes the code of the project."""

    key: str
    label: Any
    met: Callable[[Facts], bool]
    where: str
    args: tuple[str, ...] = ()

    def url(self, project: Project) -> str:
        return reverse(self.where, args=[project.code, *self.args])


def _review(kind: Review, label: Any) -> Requirement:
    return Requirement(
        f"review_{kind.value}", label, lambda facts: facts.reviews.get(kind, False), "projects:record_review"
    )


GATES: dict[str, tuple[Requirement, ...]] = {
    Stage.NEGOTIATION: (
        Requirement(
            "first_contact",
            _("Somebody responsible for the first contact"),
            lambda facts: facts.lead is not None and facts.lead.owner_id is not None,
            "projects:record_first_talk",
        ),
    ),
    Stage.SIGNING: (
        Requirement(
            "evaluation",
            _("The 5+2 evaluation, finished and favourable"),
            lambda facts: facts.lead is not None and facts.lead.favourable is True,
            "projects:evaluate",
        ),
        _review(Review.ENVIRONMENT, _("Joint pre-review of the environment, without a veto")),
        _review(Review.ENERGY, _("Joint pre-review of the energy, without a veto")),
        _review(Review.SAFETY, _("Joint pre-review of the safety, without a veto")),
        Requirement(
            "decision",
            _("A favourable decision of the meeting that the amount asks for"),
            lambda facts: facts.decided,
            "projects:record_decision",
        ),
    ),
    Stage.CONSTRUCTION: (
        Requirement("manager", _("A project manager"), lambda facts: facts.managers > 0, "projects:name_manager"),
        Requirement(
            "lead_unit",
            _("A lead unit"),
            lambda facts: facts.project.lead_unit_id is not None,
            "projects:change_project",
        ),
        Requirement(
            "specialist", _("A service specialist"), lambda facts: facts.specialists > 0, "projects:name_member"
        ),
        Requirement(
            "signed_on",
            _("The day of signing"),
            lambda facts: facts.project.signed_on is not None,
            "projects:record_date",
            ("signed_on",),
        ),
        Requirement(
            "agreement", _("The agreement, as a file"), lambda facts: facts.agreement, "projects:add_project_file"
        ),
        Requirement(
            "construction_permit",
            _("The construction permit"),
            lambda facts: CONSTRUCTION_PERMIT in facts.done,
            "projects:plan",
        ),
    ),
    Stage.PRODUCTION: (
        Requirement(
            "joint_acceptance",
            _("The joint acceptance"),
            lambda facts: JOINT_ACCEPTANCE in facts.done,
            "projects:plan",
        ),
    ),
    Stage.OPERATION: (
        Requirement(
            "capacity_on",
            _("The day of reaching capacity"),
            lambda facts: facts.project.capacity_on is not None,
            "projects:record_date",
            ("capacity_on",),
        ),
    ),
}
LABELS = {one.key: one.label for gate in GATES.values() for one in gate}


def facts_of(projects: Iterable[Project]) -> dict[int, Facts]:
    """The facts of each project by its key, in seven queries for all of them."""
    found = {project.pk: Facts(project) for project in projects}
    for lead in Lead.objects.filter(project__in=found):
        found[lead.project_id].lead = lead
    for review in PreReview.objects.filter(project__in=found).order_by("at", "id"):
        found[review.project_id].reviews[review.kind] = review.passed
    _decisions(found)
    now = clock.now()
    for key in ProjectManager.objects.in_charge(now).filter(project__in=found).values_list("project_id", flat=True):
        found[key].managers += 1
    served = TeamMember.objects.in_charge(now).filter(project__in=found, duty=Duty.SPECIALIST)
    for key in served.values_list("project_id", flat=True):
        found[key].specialists += 1
    agreements = Attachment.objects.filter(subject_kind=AGREEMENT, subject_id__in=found)
    for key in agreements.values_list("subject_id", flat=True):
        found[key].agreement = True
    for key, name in PlanItem.objects.filter(
        project__in=found, state=ItemState.DONE, key__in=(CONSTRUCTION_PERMIT, JOINT_ACCEPTANCE)
    ).values_list("project_id", "key"):
        found[key].done.add(name)
    return found


def _decisions(found: dict[int, Facts]) -> None:
    """The newest decision of a tier that may decide on the amount counts: a later refusal takes an earlier yes back."""
    last: dict[int, bool] = defaultdict(bool)
    for one in TierDecision.objects.filter(project__in=found).order_by("on", "id"):
        if RANK[one.tier] >= RANK[tier_for(found[one.project_id].project.total_investment)]:
            last[one.project_id] = one.favourable
    for key, favourable in last.items():
        found[key].decided = favourable


def missing(facts: Facts, to: str) -> list[Requirement]:
    return [one for one in GATES.get(to, ()) if not one.met(facts)]


def missing_of(project: Project, to: str) -> list[Requirement]:
    return missing(facts_of([project])[project.pk], to)


def ready(facts: Facts) -> bool:
    """Whether the gate to the next stage stands open."""
    to = NEXT.get(Stage(facts.project.stage))
    return to is not None and not missing(facts, to)


def wants_second_manager(project: Project, managers: int) -> bool:
    """From 10 亿元 a second manager is asked for: a hint, never a block."""
    return managers < 2 and project.total_investment is not None and project.total_investment >= SECOND_MANAGER_FROM
