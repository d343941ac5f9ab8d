"""A fixed cast for the loop: one district, its people, and the steps that bring an issue to where a test begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.actors import ANONYMOUS, Actor
from accounts.models import Post, Principal, Unit, User
from accounts.roles import GROUP_OF_KIND, Role, UnitKind
from common import clock
from documents.models import Attachment
from issues import services
from issues.models import Category, Issue
from projects.models import Enterprise, Line

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 2026-03-02 10:00 in Shanghai, a working day


def _unit(code: str, name: str, kind: str, *, responsible: bool = False) -> Unit:
    return Unit(
        code=code,
        name=name,
        pinyin=code.lower(),
        kind=kind,
        is_responsible=responsible,
        groups=[GROUP_OF_KIND[UnitKind(kind)]] if responsible else [],
        valid_from=date(2010, 1, 1),
    )


def _post(username: str, role: str, unit: Unit | None, **post: Any) -> Post:
    user = User(username=username, name=f"某{username}", pinyin=username, email=f"{username}@example.test")
    return Post(user=user, role=role, unit=unit, title="", starts_at=LONG_AGO, **post)


def _numbered(kind: str, rows: list[Any]) -> None:
    keys = Principal.objects.bulk_create(Principal(kind=kind) for _ in rows)
    for row, key in zip(rows, keys, strict=True):
        row.principal = key


def _save_units(units: list[Unit]) -> None:
    _numbered(Principal.Kind.UNIT, units)
    for unit in units:
        unit.path = [unit.pk]
    Unit.objects.bulk_create(units)


def _save_people(posts: list[Post]) -> list[Actor]:
    User.objects.bulk_create(post.user for post in posts)
    _numbered(Principal.Kind.POST, posts)
    Post.objects.bulk_create(posts)
    actors = [Actor(user=post.user, posts=(post,)) for post in posts]
    for actor in actors:
        actor.__dict__["posts_held"] = actor.posts  # as actor_for leaves it
    return actors


class District:
    """The cast. ``d.coordinator`` and the like are actors; verbs by name: ``d.do("assign", issue, …)``. Nearly every
    test begins with it: it is saved in few statements, not row by row."""

    coordinator: Actor
    supervisor: Actor
    chief: Actor
    leader: Actor
    other_leader: Actor
    office: Actor
    officer: Actor
    head: Actor
    power_officer: Actor
    city_officer: Actor
    auditor: Actor
    discipline: Actor
    specialist: Actor
    observer: Actor

    def __init__(self) -> None:
        self._units()
        self._people()
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

    def _units(self) -> None:
        self.hall = _unit("QW", "区委区政府", UnitKind.LEADERSHIP)
        self.desk_unit = _unit("YSB", "区营商办", UnitKind.DEPARTMENT, responsible=True)
        self.watch_unit = _unit("DCS", "区政府督查室", UnitKind.DEPARTMENT)
        self.water = _unit("SWJ", "区水务局", UnitKind.DEPARTMENT, responsible=True)
        self.power = _unit("GDJ", "临江供电公司", UnitKind.UTILITY, responsible=True)
        self.city = _unit("CGJ", "区城管局", UnitKind.DEPARTMENT, responsible=True)
        self.town = _unit("BGZ", "滨港镇", UnitKind.TOWN, responsible=True)
        self.office_unit = _unit("ZFB", "区政府办", UnitKind.DEPARTMENT)
        _save_units([one for one in vars(self).values() if isinstance(one, Unit)])

    def _people(self) -> None:
        cast = {
            "coordinator": _post("coordinator", Role.COORDINATOR, self.desk_unit),
            "supervisor": _post("supervisor", Role.SUPERVISOR, self.watch_unit),
            "chief": _post("chief", Role.CHIEF, self.hall),
            "leader": _post("leader", Role.LEADER, self.hall),
            "other_leader": _post("leader2", Role.LEADER, self.hall),
            "office": _post("service_office", Role.SERVICE_OFFICE, self.office_unit),
            "officer": _post("unit_officer", Role.UNIT_OFFICER, self.water),
            "head": _post("unit_head", Role.UNIT_HEAD, self.water),
            "power_officer": _post("power", Role.UNIT_OFFICER, self.power),
            "city_officer": _post("city", Role.UNIT_OFFICER, self.city),
            "auditor": _post("auditor", Role.AUDITOR, self.watch_unit),
            "discipline": _post("discipline", Role.DISCIPLINE, self.watch_unit),
            "specialist": _post("specialist", Role.SPECIALIST, self.town),
            "observer": _post("observer", Role.OBSERVER, None),
        }
        for name, actor in zip(cast, _save_people(list(cast.values())), strict=True):
            setattr(self, name, actor)

    @staticmethod
    def unit(code: str, name: str, kind: str, *, responsible: bool = False) -> Unit:
        unit = _unit(code, name, kind, responsible=responsible)
        _save_units([unit])
        return unit

    @staticmethod
    def person(username: str, role: str, unit: Unit | None, **post: Any) -> Actor:
        return _save_people([_post(username, role, unit, **post)])[0]

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
