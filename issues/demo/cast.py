"""Units, people, enterprises and lines of 临江区. All names are made up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from accounts import bootstrap as accounts_bootstrap
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Post, Unit, UnitName, User
from accounts.roles import Role
from accounts.services.bulk import PersonRow, PostRow, UnitRow, create_people, create_units
from common import bootstrap, clock
from issues.demo.matters import MATTERS
from issues.demo.places import OFFICES, ROOT, SMALL, D, P, Size, T, trade_of
from issues.models import Category
from projects.models import Enterprise
from projects.services import create_enterprise, create_line

DISTRICT = "临江区"
FOUNDED = date(2015, 1, 1)
SURNAMES = "程何许袁梁顾韩宋冯邓萧田胡林吴郑谢罗曹彭"
OWNERSHIPS, SIZES = ("private", "private", "private", "foreign", "state"), ("medium", "large", "small")
GIVEN = ("一苇", "曼", "澄", "桐", "栖", "知远", "思齐", "望舒", "清越", "以宁", "景行", "予安", "南乔", "书言", "怀瑾")


@dataclass
class Cast:
    people: dict[str, Actor]
    firms: list[Enterprise]
    units: dict[str, Unit]

    def posts(self, *roles: str) -> list[Post]:
        """Of everybody in one of ``roles``, in the order in which they came."""
        found = [post for actor in self.people.values() for post in actor.posts if post.role in roles]
        return sorted(found, key=lambda post: post.pk)

    def officer(self, unit: Unit) -> Actor:
        return self.people[f"officer_{unit.code.lower()}"] if unit.code != "SWJ" else self.people["unit_officer"]


def build(password: str, *, size: Size = SMALL, specialists: int = 4, seed: int = 20261121) -> Cast:
    """The district in an empty database; every account has ``password``."""
    random_ = random.Random(seed)  # noqa: S311  # names of a play, not secrets
    accounts_bootstrap.district(DISTRICT, "0000-1234567")
    accounts_bootstrap.units()
    bootstrap.run()
    rows = [UnitRow(code, name, D, ROOT, short, valid_from=FOUNDED) for code, name, short in OFFICES]
    rows += [
        UnitRow(c, n, k, ROOT, s, is_lead=lead, is_responsible=True, valid_from=FOUNDED)
        for c, n, s, k, lead in size.units
    ]
    units = create_units(actor=SYSTEM, rows=rows)
    units |= {unit.code: unit for unit in Unit.objects.all()}
    # The major-projects office is itself a ranked unit: then the supervisor verifies.
    Unit.objects.filter(code=accounts_bootstrap.OFFICE).update(is_responsible=True, groups=["departments"])
    Unit.objects.update(valid_from=FOUNDED)
    for n, unit in enumerate(Unit.objects.order_by("code"), start=1):
        Unit.objects.filter(pk=unit.pk).update(phone=f"0000-{2000000 + n}")
    UnitName.objects.update(valid_from=FOUNDED)
    firms = _firms(units, size)
    create_people(actor=SYSTEM, rows=_people(random_, firms, specialists, size), password=password)
    people = {user.username: actor_for(user) for user in User.objects.all()}
    _lines(people, units, size)
    serving = list(Post.objects.filter(role=Role.SPECIALIST).order_by("pk"))
    leaders = [people["leader" if n == 0 else f"leader{n + 1}"].posts[0] for n in range(len(size.lines))]
    for n, firm in enumerate(firms):
        firm.specialist = serving[n % len(serving)]
        if firm.is_key:  # 1+1+1: one leader, one lead unit, one cadre
            firm.liaison_leader, firm.liaison_unit = leaders[n % len(leaders)], units["JXJ"]
        if n % 4 != 3:  # the ledger shows who has no partner cadre
            firm.partner = people[f"officer_{firm.town.code.lower()}"].posts[0]
        firm.save(update_fields=["specialist", "partner", "liaison_leader", "liaison_unit"])
    for n, post in enumerate(serving, start=1):
        User.objects.filter(pk=post.user_id).update(phone=f"1370000{n:04d}")
    _suggest_units(units)
    people = {user.username: actor_for(user) for user in User.objects.all()}
    return Cast(people, firms, {unit.code: unit for unit in Unit.objects.all()})


def _suggest_units(units: dict[str, Unit]) -> None:
    """Which unit is offered first for a category, by what the demo brings up; its parent has the same."""
    for about in MATTERS:
        for category in Category.objects.filter(name=about.category, unit=None).select_related("parent"):
            category.unit = units[about.unit]
            category.save(update_fields=["unit"])
            if category.parent and category.parent.unit_id is None:
                category.parent.unit = units[about.unit]
                category.parent.save(update_fields=["unit"])


def _firms(units: dict[str, Unit], size: Size) -> list[Enterprise]:
    return [
        create_enterprise(
            actor=SYSTEM,
            name=name,
            uscc=credit_code(n),
            town=units[town],
            is_key=key,
            industry=trade_of(name),
            ownership=OWNERSHIPS[n % len(OWNERSHIPS)],
            size=SIZES[n % len(SIZES)],
            address=f"{units[town].name}工业路{n}号",
            contact_name=f"{SURNAMES[n % len(SURNAMES)]}经理",
            contact_phone=f"1390000{n:04d}",
            channel="" if n % 6 == 5 else "企业服务群、服务专员电话",
        )
        for n, (name, town, key) in enumerate(size.firms, start=1)
    ]


def credit_code(n: int) -> str:
    """A well-formed code of a registration office that does not exist."""
    from stdnum.cn import uscc

    head = f"91000000MA9{n:06d}"[:17].ljust(17, "0")
    return head + uscc.calc_check_digit(head)


def _people(random_: random.Random, firms: list[Enterprise], specialists: int, size: Size) -> list[PersonRow]:
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
    for n, (_line, who, title, office_code, _units) in enumerate(size.lines, start=1):
        suffix = "" if n == 1 else str(n)
        rows.append(one(f"leader{suffix}", who, Role.LEADER, ROOT, title))
        rows.append(one(f"service_office{suffix}", name(), Role.SERVICE_OFFICE, office_code, "秘书科长"))
    for code, *_rest in (*size.units, (office,)):
        if code != "SWJ":
            rows.append(one(f"officer_{code.lower()}", name(), Role.UNIT_OFFICER, code, "联络员"))
            rows.append(one(f"head_{code.lower()}", name(), Role.UNIT_HEAD, code, "负责人"))
    towns = [code for code, _n, _s, kind, _l in size.units if kind in (T, P)]
    for n in range(2, specialists + 1):
        rows.append(one(f"specialist{n}", name(), Role.SPECIALIST, towns[n % len(towns)], "服务专员"))
    return rows


def _lines(people: dict[str, Actor], units: dict[str, Unit], size: Size) -> None:
    """For last year, this one and the next: a case at the turn of the year finds its leader too."""
    this = clock.today().year
    for year in (this - 1, this, this + 1):
        for n, (name, _who, _title, office, covered) in enumerate(size.lines, start=1):
            leader = people["leader" if n == 1 else f"leader{n}"].posts[0]
            create_line(
                actor=SYSTEM, name=name, year=year, order=n, leader=leader, office=units[office],
                units=[units[code] for code in covered],
            )  # fmt: skip
