"""Projects on their way, for the tests of their life: what opens each gate, one act per requirement."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM, Actor
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock
from projects import services
from projects.models import PlanItem, Project
from projects.states import Criterion, ItemKind, ItemState, Stage
from tests.accounts import cast

_numbers = count(1)
GOOD = dict.fromkeys(Criterion.values, (8, "依据充分"))
MANY = Decimal(200_000)


def leader() -> Post:
    return cast.post(Role.LEADER, cast.unit(kind=UnitKind.LEADERSHIP))


def project(stage: str = Stage.PLANNING, **fields: object) -> Project:
    fields = {"unit": cast.unit(), "total_investment": MANY, **fields}
    made = services.create_project(actor=SYSTEM, code=f"LJ-{next(_numbers)}", name="冷链物流园", **fields)
    Project.objects.filter(pk=made.pk).update(stage=stage)
    made.refresh_from_db()
    return made


def lead(**fields: object) -> Project:
    fields = {"unit": cast.unit(), "total_investment": MANY, **fields}
    return services.register_lead(
        actor=SYSTEM, code=f"XS-{next(_numbers)}", name="储能电池", **fields
    ).project  # fmt: skip


def first_talk(of: Project, actor: Actor = SYSTEM) -> None:
    owner = cast.post(Role.UNIT_OFFICER, of.unit)
    services.record_first_talk(actor=actor, code=of.code, owner=owner, on=clock.today(), text="意向明确")


def evaluate(of: Project, actor: Actor = SYSTEM, *, favourable: bool = True) -> None:
    services.evaluate(actor=actor, code=of.code, scores=GOOD, favourable=favourable, opinion="建议引进")


def review(of: Project, kind: str, actor: Actor = SYSTEM, *, passed: bool = True) -> None:
    services.record_review(actor=actor, code=of.code, kind=kind, passed=passed, text="已查", unit=of.unit)


def decide(
    of: Project, actor: Actor = SYSTEM, *, tier: str = "standing", favourable: bool = True, **on: object
) -> None:
    given = {"on": clock.today(), "number": "常委会纪要第3号", **on}
    services.record_decision(actor=actor, code=of.code, tier=tier, favourable=favourable, **given)


def agreement(of: Project, actor: Actor = SYSTEM) -> None:
    file = SimpleUploadedFile("投资协议.txt", "双方约定".encode())
    services.add_project_file(actor=actor, code=of.code, file=file, kind="agreement")


def done_item(of: Project, key: str) -> None:
    PlanItem.objects.create(project=of, key=key, kind=ItemKind.APPROVAL, name="审批", state=ItemState.DONE)


# What opens the gates: key of the requirement → the act.
MEND: dict[str, Callable[[Project, Actor], object]] = {
    "first_contact": first_talk,
    "evaluation": evaluate,
    "review_environment": lambda of, actor: review(of, "environment", actor),
    "review_energy": lambda of, actor: review(of, "energy", actor),
    "review_safety": lambda of, actor: review(of, "safety", actor),
    "decision": decide,
    "manager": lambda of, actor: services.name_manager(actor=actor, code=of.code, post=leader()),
    "lead_unit": lambda of, actor: services.change_project(actor=actor, code=of.code, lead_unit=cast.unit()),
    "specialist": lambda of, actor: services.name_member(
        actor=actor, code=of.code, post=cast.post(Role.SPECIALIST, cast.unit()), duty="specialist"
    ),
    "signed_on": lambda of, actor: services.record_date(
        actor=actor, code=of.code, field="signed_on", on=clock.today()
    ),
    "agreement": agreement,
    "construction_permit": lambda of, _actor: done_item(of, "construction_permit"),
    "joint_acceptance": lambda of, _actor: done_item(of, "joint_acceptance"),
    "capacity_on": lambda of, actor: services.record_date(
        actor=actor, code=of.code, field="capacity_on", on=clock.today()
    ),
}  # fmt: skip
# The gates literally: into this stage, in this order.
GATES = {
    Stage.NEGOTIATION: ["first_contact"],
    Stage.SIGNING: ["evaluation", "review_environment", "review_energy", "review_safety", "decision"],
    Stage.CONSTRUCTION: ["manager", "lead_unit", "specialist", "signed_on", "agreement", "construction_permit"],
    Stage.PRODUCTION: ["joint_acceptance"],
    Stage.OPERATION: ["capacity_on"],
}
BEFORE = dict(zip(GATES, [Stage.PLANNING, *GATES], strict=False))


def at_gate(to: str, *, but: str = "") -> Project:
    """A project before the gate ``to`` with everything there, except ``but``."""
    of = lead()
    Project.objects.filter(pk=of.pk).update(stage=BEFORE[Stage(to)])
    for key in GATES[Stage(to)]:
        if key != but:
            MEND[key](of, SYSTEM)
    of.refresh_from_db()
    return of
