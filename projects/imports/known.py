"""What the words of a workbook may stand for: units, chains, enterprises. Read once per batch, not once per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.roles import UnitKind
from common import clock
from projects.imports.rows import WARNING, Row
from projects.models import Chain, Enterprise

KIND_OF = {"town": UnitKind.TOWN, "park": UnitKind.PARK}
UNIT_FIELDS = ("unit", "lead_unit", "town", "park")


@dataclass
class NewEnterprise:
    name: str
    uscc: str | None


@dataclass
class Known:
    units: dict[str, Unit] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    # Those that the list brings along, by name; ``made`` are the keys under which they were just entered.
    new: dict[str, NewEnterprise] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    by_code: dict[str, Enterprise | None] = field(default_factory=dict)
    by_name: dict[str, list[Enterprise]] = field(default_factory=dict)
    # Units that whoever sends the list in may not judge: their own.
    own_units: frozenset[int] = frozenset()

    @classmethod
    def now(cls, own_units: frozenset[int] = frozenset()) -> Known:
        units: dict[str, Unit] = {}
        for unit in Unit.objects.living().order_by("-principal_id"):
            units |= {unit.code: unit, unit.name: unit} | ({unit.short_name: unit} if unit.short_name else {})
        return cls(units, {chain.name: chain for chain in Chain.objects.living(clock.today())},
                   own_units=own_units)  # fmt: skip

    def look_up(self, rows: Iterable[Row]) -> None:
        """The enterprises that these rows name, in one query."""
        names = {row.given["enterprise"] for row in rows if "enterprise" in row.given}
        usccs = {row.given["uscc"] for row in rows if "uscc" in row.given}
        self.by_code, self.by_name = {}, {}
        for found in self._enterprises(names, usccs):
            self.by_name.setdefault(found.name, []).append(found)
            if found.uscc:
                self.by_code[found.uscc] = found

    def _enterprises(self, names: set[str], usccs: set[str]) -> Iterable[Enterprise]:
        found = Enterprise.objects.living().filter(Q(name__in=names) | Q(uscc__in=usccs))
        return found.exclude(pk__in=self.made)

    def unit(self, row: Row, name: str) -> Unit | None:
        word = row.given.get(name)
        unit = self.units.get(word) if word else None
        if word and unit is None:
            row.wrong(name, _("there is no such unit") + self._near(word, name))
        elif unit is not None and name in KIND_OF and unit.kind != KIND_OF[name]:
            row.wrong(name, _("is not a town") if name == "town" else _("is not a park"))
        return unit

    def _near(self, word: str, name: str) -> str:
        if word not in self.hints:
            kind = KIND_OF.get(name)
            names = [key for key, unit in self.units.items() if kind is None or unit.kind == kind]
            near = get_close_matches(word, names, 1, 0.4)
            self.hints[word] = _("; perhaps %(near)s") % {"near": near[0]} if near else ""
        return self.hints[word]

    def chain(self, row: Row) -> Chain | None:
        word = row.given.get("chain")
        if word and word not in self.chains:
            near = get_close_matches(word, list(self.chains), 1, 0.4)
            hint = _("; perhaps %(near)s") % {"near": near[0]} if near else ""
            row.wrong("chain", _("there is no such chain") + hint)
        return self.chains.get(word) if word else None

    def enterprise(self, row: Row) -> Enterprise | NewEnterprise | None:
        """The one that the row means; a new one when none of that name and code is here."""
        name, code = row.given.get("enterprise"), row.given.get("uscc")
        if code and (found := self.by_code.get(code)):
            if name and found.name != name:
                row.wrong("uscc", _("is the code of %(name)s") % {"name": found.name})
            return found
        named = self.by_name.get(name, []) if name else []
        if len(named) > 1:
            row.wrong("enterprise", _("there are several enterprises of this name: give the credit code"))
            return None
        if named:
            return self._of_name(row, named[0], code)
        if not name:
            if code:
                row.wrong("uscc", _("there is no such enterprise; give its name as well"))
            return None
        return self._new(row, name, code)

    def _of_name(self, row: Row, found: Enterprise, code: str | None) -> Enterprise:
        if code and found.uscc:
            row.wrong("uscc", _("the enterprise of this name has the code %(code)s") % {"code": found.uscc})
        elif code:
            row.wrong("uscc", _("is not taken over: enter it on the enterprise's page"), code, WARNING)
        return found

    def _new(self, row: Row, name: str, code: str | None) -> NewEnterprise:
        new = self.new.setdefault(name, NewEnterprise(name, code))
        if code and new.uscc and code != new.uscc:
            row.wrong("uscc", _("another row gives this enterprise the code %(code)s") % {"code": new.uscc})
        if code and any(one.uscc == code and one.name != name for one in self.new.values()):
            row.wrong("uscc", _("another row gives this code to another enterprise"))
        new.uscc = new.uscc or code
        return new
