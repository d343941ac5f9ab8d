"""A fixed cast for the loop: one district, its people, and the steps that bring an issue to where a test begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.actors import ANONYMOUS, Actor, actor_for
from accounts.models import Post, Unit, User
from accounts.roles import GROUP_OF_KIND, Role, UnitKind
from common import clock
from documents.models import Attachment
from issues import services
from issues.models import Category, Issue
from projects.models import Enterprise, Line

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 2026-03-02 10:00 in Shanghai, a working day


class District:
    """The cast. ``d.coordinator`` and the like are actors; verbs by name: ``d.do("assign", issue, …)``."""

    def __init__(self) -> None:
        self.hall = self.unit("QW", "区委区政府", UnitKind.LEADERSHIP)
        self.desk_unit = self.unit("YSB", "区营商办", UnitKind.DEPARTMENT, responsible=True)
        self.watch_unit = self.unit("DCS", "区政府督查室", UnitKind.DEPARTMENT)
        self.water = self.unit("SWJ", "区水务局", UnitKind.DEPARTMENT, responsible=True)
        self.power = self.unit("GDJ", "临江供电公司", UnitKind.UTILITY, responsible=True)
        self.city = self.unit("CGJ", "区城管局", UnitKind.DEPARTMENT, responsible=True)
        self.town = self.unit("BGZ", "滨港镇", UnitKind.TOWN, responsible=True)
        self.office_unit = self.unit("ZFB", "区政府办", UnitKind.DEPARTMENT)
        self.coordinator = self.person("coordinator", Role.COORDINATOR, self.desk_unit)
        self.supervisor = self.person("supervisor", Role.SUPERVISOR, self.watch_unit)
        self.chief = self.person("chief", Role.CHIEF, self.hall)
        self.leader = self.person("leader", Role.LEADER, self.hall)
        self.other_leader = self.person("leader2", Role.LEADER, self.hall)
        self.office = self.person("service_office", Role.SERVICE_OFFICE, self.office_unit)
        self.officer = self.person("unit_officer", Role.UNIT_OFFICER, self.water)
        self.head = self.person("unit_head", Role.UNIT_HEAD, self.water)
        self.power_officer = self.person("power", Role.UNIT_OFFICER, self.power)
        self.city_officer = self.person("city", Role.UNIT_OFFICER, self.city)
        self.auditor = self.person("auditor", Role.AUDITOR, self.watch_unit)
        self.discipline = self.person("discipline", Role.DISCIPLINE, self.watch_unit)
        self.specialist = self.person("specialist", Role.SPECIALIST, self.town)
        self.observer = self.person("observer", Role.OBSERVER, None)
        self.firm = Enterprise.objects.create(
            name="禾曦食品", pinyin="hexishipin", uscc="91500000MA5U7XX01A", town=self.town, created_at=LONG_AGO,
            specialist=self.specialist.posts[0],
        )  # fmt: skip
        self.enterprise = self.person("enterprise", Role.ENTERPRISE, None, enterprise_id=self.firm.pk)
        self.line = Line.objects.create(
            name="工业线", year=2026, order=1, leader=self.leader.posts[0], office=self.office_unit
        )
        self.line.units.set([self.water, self.power, self.town])
        self.category, _ = Category.objects.get_or_create(name="供水")

    @staticmethod
    def unit(code: str, name: str, kind: str, *, responsible: bool = False) -> Unit:
        unit = Unit.objects.create(
            code=code,
            name=name,
            pinyin=code.lower(),
            kind=kind,
            is_responsible=responsible,
            groups=[GROUP_OF_KIND[UnitKind(kind)]] if responsible else [],
            valid_from=date(2010, 1, 1),
        )
        unit.path = [unit.pk]
        unit.save(update_fields=["path"])
        return unit

    @staticmethod
    def person(username: str, role: str, unit: Unit | None, **post: Any) -> Actor:
        user = User.objects.create(
            username=username, name=f"某{username}", pinyin=username, email=f"{username}@example.test"
        )
        Post.objects.create(user=user, role=role, unit=unit, title="", starts_at=LONG_AGO, **post)
        return actor_for(user)

    def submitter(self, issue: Issue) -> Actor:
        return Actor(submitter_of=issue.pk)

    # --- steps ---

    def submit(self, **fields: Any) -> Issue:
        given = {
            "actor": ANONYMOUS,
            "title": "厂区供水压力不足",
            "text": "三车间每天下午停水两小时，影响生产。",
            "channel": "web_form",
            "contact": {"name": "顾工", "phone": "13800000001", "email": "gu@example.test"},
        }
        return services.submit(**(given | fields))

    def do(self, action: str, issue: Issue, actor: Actor, **fields: Any) -> Issue:
        verb, _fields = services.ACTIONS[action]
        return verb(issue_id=issue.pk, actor=actor, **fields)

    def assign(self, issue: Issue, unit: str = "SWJ", **fields: Any) -> Issue:
        given = {"category": "供水", "urgency": "normal", "difficulty": "normal", "unit": unit}
        return self.do("assign", issue, fields.pop("actor", self.coordinator), **(given | fields))

    def signed(self, **fields: Any) -> Issue:
        return self.do("sign", self.assign(self.submit(), **fields), self.officer)

    def evidence(self, issue: Issue) -> Attachment:
        return Attachment.objects.create(
            subject_kind="issue",
            subject_id=issue.pk,
            name="现场.txt",
            path=f"t/{issue.pk}-{Attachment.objects.count()}",
            size=10,
            mime="text/plain",
            sha256="0" * 64,
            by=Attachment.By.STAFF,
            post=self.officer.posts[0],
            unit=self.water,
            created_at=clock.now(),
        )

    def proposed(self, **fields: Any) -> Issue:
        issue = self.signed()
        self.evidence(issue)
        return self.do("propose", issue, self.officer, **({"outcome": "solved", "account": "已修复"} | fields))

    def rating(self, **fields: Any) -> Issue:
        return self.do("verify", self.proposed(**fields), self.coordinator, text="电话核实")

    def disputed(self) -> Issue:
        issue = self.rating()
        return self.do("rate", issue, self.submitter(issue), solved="no", satisfaction=1, text="没有解决")

    @contextmanager
    def later(self, **delta: int) -> Iterator[datetime]:
        """Go on at a later time."""
        instant = clock.now() + timedelta(**delta)
        with clock.at(instant):
            yield instant


@pytest.fixture
def monday() -> Iterator[datetime]:
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def d(db: None, monday: datetime, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return District()
