"""Units, people, enterprises, lines and projects of 临江区. All names are made up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from accounts import bootstrap as accounts_bootstrap
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Post, Unit, UnitName, User
from accounts.roles import Role, UnitKind
from accounts.services.bulk import PersonRow, PostRow, UnitRow, create_people, create_units
from common import bootstrap, clock
from issues.demo.matters import MATTERS
from issues.models import Category
from projects.models import Enterprise, Project
from projects.services import create_enterprise, create_line, create_project

DISTRICT = "临江区"
FOUNDED = date(2015, 1, 1)
D, T, P, U, V = UnitKind.DEPARTMENT, UnitKind.TOWN, UnitKind.PARK, UnitKind.UTILITY, UnitKind.VERTICAL
ROOT = accounts_bootstrap.ROOT
# code, name, short name, kind, lead unit; all of them are responsible units
UNITS = (
    ("FGW", "区发展和改革局", "区发改局", D, True),
    ("JXJ", "区经济和信息化局", "区经信局", D, True),
    ("ZJJ", "区住房和城乡建设局", "区住建局", D, True),
    ("JTJ", "区交通运输局", "区交通局", D, True),
    ("SWJ", "区水务局", "区水务局", D, True),
    ("CGJ", "区城市管理局", "区城管局", D, False),
    ("RSJ", "区人力资源和社会保障局", "区人社局", D, False),
    ("CZJ", "区财政局", "区财政局", D, False),
    ("SPJ", "区行政审批局", "区审批局", D, False),
    ("SJG", "区市场监督管理局", "区市监局", D, False),
    ("ZRJ", "区自然资源分局", "区资源分局", V, True),
    ("HBJ", "区生态环境分局", "区环境分局", V, False),
    ("GDJ", "临江供电公司", "供电公司", U, False),
    ("GSJ", "临江水务集团", "水务集团", U, False),
    ("JKQ", "临江经济开发区管委会", "经开区", P, True),
    ("GXY", "望潮高新产业园办公室", "高新园", P, False),
    ("BGZ", "滨港镇", "", T, False),
    ("YLJ", "云麓街道", "", T, False),
    ("WCZ", "望潮镇", "", T, False),
    ("QTJ", "青桐街道", "", T, False),
    ("HXZ", "禾溪镇", "", T, False),
)
OFFICES = (
    ("ZFB", "区政府办公室", "区政府办"),
    ("WYB", "区委办公室", "区委办"),
    ("KFB", "区开放发展办公室", "区开放办"),
    ("JWJ", "区纪委监委", "区纪委监委"),
    ("TJJ", "区统计局", "区统计局"),
)
# line, leader's name and title, office, units covered
LINES = (
    ("工业经济线", "沈岳", "副区长", "ZFB", ("JXJ", "JKQ", "GXY", "SWJ", "GSJ", "GDJ", "BGZ")),
    ("城乡建设线", "陆知行", "副区长", "WYB", ("ZJJ", "JTJ", "CGJ", "ZRJ", "YLJ", "WCZ")),
    ("营商服务线", "叶明澈", "区委常委", "KFB", ("FGW", "RSJ", "CZJ", "SPJ", "SJG", "HBJ", "QTJ")),
)
SURNAMES = "程何许袁梁顾韩宋冯邓萧田胡林吴郑谢罗曹彭"
GIVEN = ("一苇", "曼", "澄", "桐", "栖", "知远", "思齐", "望舒", "清越", "以宁", "景行", "予安", "南乔", "书言", "怀瑾")
FIRMS = (
    ("江澜精密制造有限公司", "JKQ", True), ("衡宇电子科技有限公司", "JKQ", True), ("远舟冷链物流有限公司", "BGZ", True),
    ("云岫生物科技有限公司", "GXY", True), ("砺锋智能装备有限公司", "JKQ", True), ("澄光新材料有限公司", "GXY", False),
    ("青桐医疗器械有限公司", "QTJ", False), ("禾曦食品有限公司", "HXZ", False), ("望潮纺织有限公司", "WCZ", False),
    ("泊远物流有限公司", "BGZ", False), ("松间文创有限公司", "YLJ", False), ("南屏建材有限公司", "WCZ", False),
)  # fmt: skip


@dataclass
class Cast:
    people: dict[str, Actor]
    firms: list[Enterprise]
    projects: list[Project]
    units: dict[str, Unit]

    def officer(self, unit: Unit) -> Actor:
        return self.people[f"officer_{unit.code.lower()}"] if unit.code != "SWJ" else self.people["unit_officer"]


def build(password: str, *, projects: int = 12, specialists: int = 4, seed: int = 20261121) -> Cast:
    """The district in an empty database; every account has ``password``."""
    random_ = random.Random(seed)  # noqa: S311  # names of a play, not secrets
    accounts_bootstrap.district(DISTRICT, "0000-1234567")
    accounts_bootstrap.units()
    bootstrap.run()
    rows = [UnitRow(code, name, D, ROOT, short, valid_from=FOUNDED) for code, name, short in OFFICES]
    rows += [
        UnitRow(c, n, k, ROOT, s, is_lead=lead, is_responsible=True, valid_from=FOUNDED) for c, n, s, k, lead in UNITS
    ]
    units = create_units(actor=SYSTEM, rows=rows)
    units |= {unit.code: unit for unit in Unit.objects.all()}
    # The major-projects office is itself a ranked unit: then the supervisor verifies.
    Unit.objects.filter(code=accounts_bootstrap.OFFICE).update(is_responsible=True, groups=["departments"])
    Unit.objects.update(valid_from=FOUNDED)
    UnitName.objects.update(valid_from=FOUNDED)
    firms = _firms(units)
    create_people(actor=SYSTEM, rows=_people(random_, firms, specialists), password=password)
    people = {user.username: actor_for(user) for user in User.objects.all()}
    _lines(people, units)
    serving = list(Post.objects.filter(role=Role.SPECIALIST).order_by("pk"))
    leaders = [people["leader" if n == 0 else f"leader{n + 1}"].posts[0] for n in range(len(LINES))]
    for n, firm in enumerate(firms):
        firm.specialist = serving[n % len(serving)]
        if firm.is_key:  # 1+1+1: one leader, one lead unit, one cadre
            firm.liaison_leader, firm.liaison_unit = leaders[n % len(leaders)], units["JXJ"]
        firm.save(update_fields=["specialist", "liaison_leader", "liaison_unit"])
    _suggest_units(units)
    made = _projects(firms, units, people, projects)
    people = {user.username: actor_for(user) for user in User.objects.all()}
    return Cast(people, firms, made, {unit.code: unit for unit in Unit.objects.all()})


def _suggest_units(units: dict[str, Unit]) -> None:
    """Which unit is offered first for a category, by what the demo brings up; its parent has the same."""
    for about in MATTERS:
        for category in Category.objects.filter(name=about.category, unit=None).select_related("parent"):
            category.unit = units[about.unit]
            category.save(update_fields=["unit"])
            if category.parent and category.parent.unit_id is None:
                category.parent.unit = units[about.unit]
                category.parent.save(update_fields=["unit"])


def _firms(units: dict[str, Unit]) -> list[Enterprise]:
    return [
        create_enterprise(actor=SYSTEM, name=name, uscc=credit_code(n), town=units[town], is_key=key)
        for n, (name, town, key) in enumerate(FIRMS, start=1)
    ]


def credit_code(n: int) -> str:
    """A well-formed code of a registration office that does not exist."""
    from stdnum.cn import uscc

    head = f"91000000MA9{n:06d}"[:17].ljust(17, "0")
    return head + uscc.calc_check_digit(head)


def _people(random_: random.Random, firms: list[Enterprise], specialists: int) -> list[PersonRow]:
    def name() -> str:
        return random_.choice(SURNAMES) + random_.choice(GIVEN)

    start = clock.now() - timedelta(days=400)

    def one(username: str, who: str, role: str, unit: str = "", title: str = "", **more: int) -> PersonRow:
        return PersonRow(username, who, posts=[PostRow(role, unit, title, starts_at=start, **more)])

    office, watch, it = accounts_bootstrap.OFFICE, accounts_bootstrap.SUPERVISION, accounts_bootstrap.SECURITY
    rows = [
        one("coordinator", "周敏", Role.COORDINATOR, office, "协调员"),
        one("coordinator2", name(), Role.COORDINATOR, office, "协调员"),
        one("supervisor", "韩清越", Role.SUPERVISOR, watch, "督查员"),
        one("chief", "宋景行", Role.CHIEF, ROOT, "区长"),
        one("discipline", name(), Role.DISCIPLINE, "JWJ", "监督员"),
        one("statistics", name(), Role.STATISTICS, "TJJ", "统计员"),
        one("auditor", name(), Role.AUDITOR, watch, "审计员"),
        one("system_admin", name(), Role.SYSTEM_ADMIN, it, "系统管理员"),
        one("security_admin", name(), Role.SECURITY_ADMIN, it, "安全保密管理员"),
        one("audit_admin", name(), Role.AUDIT_ADMIN, watch, "安全审计员"),
        one("unit_officer", "程一苇", Role.UNIT_OFFICER, "SWJ", "联络员"),
        one("unit_head", "何曼", Role.UNIT_HEAD, "SWJ", "局长"),
        one("specialist", "梁栖", Role.SPECIALIST, "BGZ", "服务专员"),
        one("observer", name(), Role.OBSERVER, title="营商环境观察员"),
        one("enterprise", "顾南乔", Role.ENTERPRISE, title="行政主管", enterprise=firms[0].pk),
    ]
    for n, (_line, who, title, office_code, _units) in enumerate(LINES, start=1):
        suffix = "" if n == 1 else str(n)
        rows.append(one(f"leader{suffix}", who, Role.LEADER, ROOT, title))
        rows.append(one(f"service_office{suffix}", name(), Role.SERVICE_OFFICE, office_code, "秘书科长"))
    for code, *_rest in (*UNITS, (office,)):
        if code != "SWJ":
            rows.append(one(f"officer_{code.lower()}", name(), Role.UNIT_OFFICER, code, "联络员"))
            rows.append(one(f"head_{code.lower()}", name(), Role.UNIT_HEAD, code, "负责人"))
    towns = [code for code, _n, _s, kind, _l in UNITS if kind in (T, P)]
    for n in range(2, specialists + 1):
        rows.append(one(f"specialist{n}", name(), Role.SPECIALIST, towns[n % len(towns)], "服务专员"))
    return rows


def _lines(people: dict[str, Actor], units: dict[str, Unit]) -> None:
    """For last year, this one and the next: a case at the turn of the year finds its leader too."""
    this = clock.today().year
    for year in (this - 1, this, this + 1):
        for n, (name, _who, _title, office, covered) in enumerate(LINES, start=1):
            leader = people["leader" if n == 1 else f"leader{n}"].posts[0]
            create_line(
                actor=SYSTEM, name=name, year=year, order=n, leader=leader, office=units[office],
                units=[units[code] for code in covered],
            )  # fmt: skip


KINDS = ("产业化项目", "研发中心", "智能工厂", "冷链基地", "技术改造", "检测平台", "二期扩建")


def _projects(firms: list[Enterprise], units: dict[str, Unit], people: dict[str, Actor], count: int) -> list[Project]:
    leaders = [people["leader"].posts[0], people["leader2"].posts[0], people["leader3"].posts[0]]
    made = []
    for n in range(count):
        firm = firms[n % len(firms)]
        short = firm.name.removesuffix("有限公司")
        made.append(
            create_project(
                actor=SYSTEM, code=f"XM{clock.today().year}-{n + 1:04d}",
                name=f"{short}{KINDS[n % len(KINDS)]}{'' if n < len(firms) else f'（{n // len(firms) + 1}期）'}",
                enterprise=firm, unit=firm.town, manager=leaders[n % 3] if n % 4 == 0 else None,
            )
        )  # fmt: skip
    return made
