"""Time rules: which limit applies. A rule is never edited; a new version replaces it from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Role
from common import clock
from deadlines.models import TimeRule
from deadlines.states import ClockKind, LimitUnit

FIRST_DAY = date(2004, 1, 1)

# PRODUCT.md §2, column "limit". Decisions, promises and approvals carry a date of their own.
DEFAULTS: tuple[tuple[str, str, int, str], ...] = (
    (ClockKind.ACCEPTANCE, "", 1, LimitUnit.WORKING_DAYS),
    (ClockKind.SIGNING, "", 1, LimitUnit.WORKING_DAYS),
    (ClockKind.SIGNING, "urgent", 2, LimitUnit.WORKING_HOURS),
    (ClockKind.FEEDBACK, "", 3, LimitUnit.WORKING_DAYS),
    (ClockKind.PROGRESS, "", 5, LimitUnit.WORKING_DAYS),
    (ClockKind.RESOLUTION, "urgent", 3, LimitUnit.WORKING_DAYS),
    (ClockKind.RESOLUTION, "simple", 5, LimitUnit.WORKING_DAYS),
    (ClockKind.RESOLUTION, "normal", 15, LimitUnit.WORKING_DAYS),
    (ClockKind.RESOLUTION, "complex", 30, LimitUnit.WORKING_DAYS),
    (ClockKind.COORDINATION, "layer2", 5, LimitUnit.WORKING_DAYS),
    (ClockKind.COORDINATION, "layer3", 10, LimitUnit.WORKING_DAYS),
    (ClockKind.VERIFICATION, "", 2, LimitUnit.WORKING_DAYS),
    (ClockKind.SUPPLEMENT, "", 5, LimitUnit.WORKING_DAYS),
    (ClockKind.RULING, "", 1, LimitUnit.WORKING_DAYS),
    (ClockKind.DISPUTE, "", 3, LimitUnit.WORKING_DAYS),
    (ClockKind.RATING, "", 5, LimitUnit.WORKING_DAYS),
    (ClockKind.SUPERVISION, "", 3, LimitUnit.WORKING_DAYS),
    (ClockKind.EVALUATION, "", 7, LimitUnit.WORKING_DAYS),
    (ClockKind.BRIEFING, "", 7, LimitUnit.WORKING_DAYS),
)


def ensure_rules() -> int:
    """Write the limits of PRODUCT.md §2 where a kind and case has none yet. Returns how many were written."""
    rules = [
        TimeRule(kind=kind, case=case, amount=amount, unit=unit, version=1, valid_from=FIRST_DAY)
        for kind, case, amount, unit in DEFAULTS
    ]
    before = TimeRule.objects.count()
    TimeRule.objects.bulk_create(rules, ignore_conflicts=True)
    return TimeRule.objects.count() - before


def rules_on(day: date, kinds: Iterable[str]) -> dict[tuple[str, str], TimeRule]:
    """The limits in force on ``day``, by kind and case, in one query."""
    rules = TimeRule.objects.valid_on(day).filter(kind__in=set(kinds))
    return {(rule.kind, rule.case): rule for rule in rules}


def pick(rules: dict[tuple[str, str], TimeRule], kind: str, case: str) -> TimeRule | None:
    """The limit of this case, else the one that fits all cases of the kind."""
    return rules.get((kind, case)) or rules.get((kind, ""))


def half(amount: int) -> int:
    """Half a limit, rounded up: a second round has less time, never none."""
    return -(-amount // 2)


@transaction.atomic
def replace_rule(*, actor: Actor, kind: str, case: str, amount: int, unit: str, valid_from: date) -> TimeRule:
    """A new version of a limit, for clocks that start on or after ``valid_from``: today or later, as running clocks and
    past ones keep the rule that made their deadline."""
    if not can(actor, "replace_rule", TimeRule):
        raise PermissionDenied
    _check_rule(kind, amount, unit, valid_from)
    # Two administrators at once: the second waits here and gets the next number.
    list(TimeRule.objects.select_for_update(no_key=True).filter(kind=kind, case=case))
    last = TimeRule.objects.filter(kind=kind, case=case).aggregate(last=Max("version"))["last"] or 0
    rule = TimeRule.objects.create(
        kind=kind, case=case, amount=amount, unit=unit, version=last + 1, valid_from=valid_from
    )
    post = actor.in_role(Role.SYSTEM_ADMIN)
    audit.record(actor, "replace_rule", "time_rule", f"{kind} {case}".strip(), post=post, limit=f"{amount}{unit}")
    return rule


def _check_rule(kind: str, amount: int, unit: str, valid_from: date) -> None:
    wrong: dict[str, Any] = {}
    if kind not in ClockKind:
        wrong["kind"] = _("Choose one of the kinds shown.")
    if unit not in LimitUnit:
        wrong["unit"] = _("Choose one of the units shown.")
    if not 1 <= amount <= 366:
        wrong["amount"] = _("Enter a limit from 1 to 366.")
    if valid_from < clock.today():
        wrong["valid_from"] = _("A limit can change from today on, not for the past.")
    if wrong:
        raise ValidationError(wrong)
