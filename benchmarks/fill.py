"""A database of N issues: 150 units, 300 people, 245 projects per 10,000 issues, three events an issue and more.

Written by the ledger's own builder and COPY, so that every row is what the house writes."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import connection

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import User
from accounts.roles import Role, UnitKind
from accounts.services.bulk import PersonRow, PostRow, UnitRow, create_people, create_units
from common import bootstrap, clock
from issues.demo.matters import MATTERS
from issues.services.ledger import load
from issues.services.ledger.build import build
from issues.services.ledger.parse import COLUMNS, Row
from projects.models import Project
from projects.services import create_line

KINDS = (UnitKind.DEPARTMENT, UnitKind.DEPARTMENT, UnitKind.TOWN, UnitKind.PARK, UnitKind.UTILITY)
UNITS, PEOPLE, BATCH = 150, 300, 5_000


def fill(size: int, seed: int = 7) -> dict[str, Actor]:
    """Returns the actors that are measured: coordinator, an officer of a unit of middle size."""
    dice = random.Random(seed)
    bootstrap.run()
    units = create_units(
        actor=SYSTEM,
        rows=[
            UnitRow(
                f"U{n:03d}",
                f"第{n}单位",
                KINDS[n % len(KINDS)],
                is_responsible=True,
                valid_from=clock.today().replace(year=2015),
            )
            for n in range(UNITS)
        ],
    )
    start = clock.now() - timedelta(days=900)
    rows = [
        PersonRow("coordinator", "协调员", posts=[PostRow(Role.COORDINATOR, "U000", starts_at=start)]),
        PersonRow("supervisor", "督查员", posts=[PostRow(Role.SUPERVISOR, "U001", starts_at=start)]),
        PersonRow("leader", "某副区长", posts=[PostRow(Role.LEADER, "U000", starts_at=start)]),
    ]
    rows += [
        PersonRow(f"officer{n}", f"联络员{n}", posts=[PostRow(Role.UNIT_OFFICER, f"U{n % UNITS:03d}", starts_at=start)])
        for n in range(PEOPLE)
    ]
    create_people(actor=SYSTEM, rows=rows, password="bench-Password-2026")
    leader = actor_for(User.objects.get(username="leader")).posts[0]
    create_line(
        actor=SYSTEM, name="工业线", year=clock.today().year, leader=leader, office=units["U002"],
        units=[units[f"U{n:03d}"] for n in range(40)],
    )  # fmt: skip
    Project.objects.bulk_create(
        Project(code=f"P{n:06d}", name=f"项目{n}", created_at=start) for n in range(size * 245 // 10_000)
    )
    known = load._known()
    weights = [1 / (1 + n) ** 0.7 for n in range(UNITS)]
    codes = [f"U{n:03d}" for n in range(UNITS)]
    end = clock.now()
    for first in range(0, size, BATCH):
        built = [
            build(row, row["number"], known)
            for row in (
                _row(dice, n, size, end, dice.choices(codes, weights)[0])
                for n in range(first, min(first + BATCH, size))
            )
        ]
        load._write(built)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {name: actor_for(User.objects.get(username=name)) for name in ("coordinator", "officer20")}


def _row(dice: random.Random, n: int, size: int, end: datetime, unit: str) -> Row:
    about = MATTERS[dice.randrange(len(MATTERS))]
    submitted = end - timedelta(days=365) * (1 - n / size) - timedelta(minutes=dice.randrange(600))
    steps = [submitted]
    for hours in (4, 10, 50, 200, 240):
        steps.append(steps[-1] + timedelta(hours=dice.uniform(0.2, 1.6) * hours))
    # one in fourteen is still open; newer ones are more often
    steps = [step if step < end else None for step in steps]
    if dice.random() < 0.06:
        steps[4] = steps[5] = None
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "number": f"WT{submitted.year}-{n:07d}", "title": f"{about.title}（{n}）",
        "text": f"{about.text}{''.join(dice.choices(WORDS, k=40))}", "category": about.category, "channel": "web_form",
        "unit": unit, "contact_name": "顾工", "contact_phone": "13800000000",
    }  # fmt: skip
    if steps[1] is None:
        cells["unit"] = ""  # not yet accepted: the coordinator's inbox compares it with others
    names = ("submitted_at", "assigned_at", "signed_at", "first_feedback_at", "proposed_at", "closed_at")
    row = Row(n + 2, cells, key=f"{n:064d}", times=dict(zip(names, steps, strict=True)) | {"due_at": None})
    if steps[5] and dice.random() < 0.6:
        row.solved, row.satisfaction = dice.choice((("yes", 5), ("yes", 4), ("partly", 3), ("no", 2)))
    return row


WORDS = [a + b for a in "电水气路网税桥港园区镇街房地厂车船货仓站" for b in "线管价审批证件费用费率建改修接断迁停供运"]
