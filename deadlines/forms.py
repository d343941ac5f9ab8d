"""The shape of what the system administrator enters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DayField
from deadlines import announcements
from deadlines.models import TimeRule
from deadlines.services.editions import FIRST_DAY, LAST_DAY
from deadlines.states import CASES, ClockKind, LimitUnit

EXAMPLE = "2027-02-05 至 2027-02-12 休 春节\n2027-02-20 班 春节"


class DraftForm(forms.Form):
    """A new edition of the calendar: the announcement of a year, or single days."""

    year = forms.IntegerField(
        label=_("Announced year"),
        required=False,
        min_value=FIRST_DAY.year,
        max_value=LAST_DAY.year,
        help_text=_("Only when you enter the whole announcement of that year. Leave empty for single days."),
    )
    days = forms.CharField(
        label=_("Days"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "placeholder": EXAMPLE, "spellcheck": "false"}),
        help_text=_(
            "One day or span a line: date, 休 (off), 班 (works) or 撤 (take the entry back), and a name for it."
        ),
    )
    note = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("For example the number of the announcement.")
    )

    def clean_days(self) -> announcements.Announcement:
        return announcements.read(self.cleaned_data["days"])


class RuleForm(forms.Form):
    """A new version of a limit."""

    amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=366)
    unit = forms.ChoiceField(label=_("Counted in"), choices=LimitUnit.choices)
    valid_from = DayField(
        label=_("In force from"), help_text=_("Deadlines that run already keep the limit they began with.")
    )

    @classmethod
    def initial_of(cls, rule: TimeRule) -> dict[str, Any]:
        return {"amount": rule.amount, "unit": rule.unit}


def rule_name(rule: TimeRule) -> str:
    """办结（普通）."""
    kind = str(ClockKind(rule.kind).label)
    return f"{kind}（{CASES.get(rule.case, rule.case)}）" if rule.case else kind
