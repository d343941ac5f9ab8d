"""The people of the permission matrix, each a column: every role of PRODUCT.md §1 once, and pairs of roles.

A column's sign is one letter; the tables are read downwards under the signs of ``HEAD``.
"""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from accounts.models import Post, Unit, User
from accounts.roles import Role
from common import clock
from projects.models import Enterprise
from tests.cast import LONG_AGO, District

# sign → who
PEOPLE: dict[str, str] = {
    "-": "nobody is signed in",
    "n": "an account without any post",
    "e": "enterprise: 禾曦食品",
    "f": "enterprise: 远桥机械",
    "g": "enterprise: 绿洲仪表, which asks for anonymity",
    "w": "observer",
    "s": "specialist, cares for 禾曦食品 and 绿洲仪表",
    "o": "unit officer of the lead unit SWJ",
    "h": "unit head of the lead unit SWJ",
    "c": "unit officer of the co-unit GDJ",
    "x": "unit officer of CGJ, which has nothing to do with it",
    "v": "service office of the leader's line",
    "l": "leader of the line",
    "m": "another leader",
    "k": "chief",
    "C": "coordinator",
    "S": "supervisor",
    "D": "discipline office",
    "T": "statistics office",
    "A": "auditor",
    "1": "system administrator",
    "2": "security administrator",
    "3": "audit administrator",
    # Two posts in one person, acting in both.
    "q": "unit officer of SWJ + coordinator",
    "r": "enterprise 禾曦食品 + unit officer of GDJ",
    "t": "specialist of 远桥机械 + another leader",
    "u": "coordinator + supervisor",
    "y": "unit officer of SWJ + supervisor",
    "z": "unit officer of SWJ + discipline office",
    "j": "another leader + coordinator",
    "p": "unit officer of SWJ + specialist",
    # No longer.
    "b": "was unit officer of SWJ until yesterday",
}
HEAD = "".join(PEOPLE)
# What acts by itself: deemed signing, the ladder, lapses. A column of the actions only.
MACHINE = "*"

SINGLE: dict[str, str] = {
    "e": Role.ENTERPRISE,
    "w": Role.OBSERVER,
    "s": Role.SPECIALIST,
    "o": Role.UNIT_OFFICER,
    "h": Role.UNIT_HEAD,
    "v": Role.SERVICE_OFFICE,
    "l": Role.LEADER,
    "k": Role.CHIEF,
    "C": Role.COORDINATOR,
    "S": Role.SUPERVISOR,
    "D": Role.DISCIPLINE,
    "T": Role.STATISTICS,
    "A": Role.AUDITOR,
    "1": Role.SYSTEM_ADMIN,
    "2": Role.SECURITY_ADMIN,
    "3": Role.AUDIT_ADMIN,
}


def actors(d: District, firms: dict[str, Enterprise]) -> dict[str, Actor]:
    """One actor per column; ``d`` has most of them. ``firms`` are those of the columns f and g."""
    made = {
        "-": ANONYMOUS,
        "e": d.enterprise, "w": d.observer, "s": d.specialist, "o": d.officer, "h": d.head, "c": d.power_officer,
        "x": d.city_officer, "v": d.office, "l": d.leader, "m": d.other_leader, "k": d.chief, "C": d.coordinator,
        "S": d.supervisor, "D": d.discipline, "A": d.auditor,
    }  # fmt: skip
    made["n"] = actor_for(User.objects.create(username="no_post", name="某无职", pinyin="no_post"))
    for sign, firm in firms.items():
        made[sign] = d.person(f"enterprise_{sign}", Role.ENTERPRISE, None, enterprise_id=firm.pk)
    for sign, role in (("T", Role.STATISTICS), ("1", Role.SYSTEM_ADMIN), ("2", Role.SECURITY_ADMIN)):
        made[sign] = d.person(str(role), role, d.hall)
    made["3"] = d.person("audit_admin", Role.AUDIT_ADMIN, d.hall)
    made["q"] = pair(d, "pair_q", (Role.UNIT_OFFICER, d.water), (Role.COORDINATOR, d.desk_unit))
    made["r"] = pair(d, "pair_r", (Role.ENTERPRISE, None), (Role.UNIT_OFFICER, d.power))
    made["t"] = pair(d, "pair_t", (Role.SPECIALIST, d.town), (Role.LEADER, d.hall))
    made["u"] = pair(d, "pair_u", (Role.COORDINATOR, d.desk_unit), (Role.SUPERVISOR, d.watch_unit))
    made["y"] = pair(d, "pair_y", (Role.UNIT_OFFICER, d.water), (Role.SUPERVISOR, d.watch_unit))
    made["z"] = pair(d, "pair_z", (Role.UNIT_OFFICER, d.water), (Role.DISCIPLINE, d.watch_unit))
    made["j"] = pair(d, "pair_j", (Role.LEADER, d.hall), (Role.COORDINATOR, d.desk_unit))
    made["p"] = pair(d, "pair_p", (Role.UNIT_OFFICER, d.water), (Role.SPECIALIST, d.town))
    former = pair(d, "former", (Role.UNIT_OFFICER, d.water)).user
    Post.objects.filter(user=former).update(ends_at=clock.now() - timedelta(days=1))
    made["b"] = actor_for(User.objects.get(pk=former.pk))
    return {sign: made[sign] for sign in PEOPLE} | {MACHINE: SYSTEM}


def pair(d: District, username: str, *posts: tuple[str, Unit | None]) -> Actor:
    user = User.objects.create(username=username, name=f"某{username}", pinyin=username)
    for role, unit in posts:
        firm = d.firm.pk if role == Role.ENTERPRISE else None
        Post.objects.create(user=user, role=role, unit=unit, enterprise_id=firm, title="", starts_at=LONG_AGO)
    return actor_for(user)
