"""The shape of what is typed about the plan, the money, the promises and the log of a project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import UnitChoice
from accounts.models import Unit
from common.forms import DayField
from projects import states
from projects.models import PlanItem

CENTS = {"max_digits": 14, "decimal_places": 2, "min_value": 0}
# What a gate or a fact of the project hangs on; everything else is told by its name alone.
MILESTONE_CHOICES = [
    ("talks", _("Talks begun")),
    ("signed", _("Agreement signed")),
    ("capital_in", _("Capital in")),
    ("started", _("Construction started")),
    ("completed", _("Completed")),
    ("produced", _("Production begun")),
    ("capacity", _("At capacity")),
]
KEY_CHOICES = [
    ("", _("Neither")),
    (_("Milestone"), MILESTONE_CHOICES),
    (
        _("Approval that a stage asks for"),
        [(states.CONSTRUCTION_PERMIT, _("Construction permit")), (states.JOINT_ACCEPTANCE, _("Joint acceptance"))],
    ),
]


def _text(label: Any, limit: int = 500, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": 3}), **more)


class AddItemForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=states.ItemKind.choices)
    key = forms.ChoiceField(label=_("Milestone or gate approval"), choices=KEY_CHOICES, required=False)
    name = forms.CharField(label=_("Name"), max_length=100)
    unit = UnitChoice(label=_("Responsible unit"), required=False, empty_label=_("That of the project"))
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)
    statutory_days = forms.IntegerField(label=_("Statutory days"), min_value=0, max_value=999, required=False)
    promised_days = forms.IntegerField(label=_("Promised days"), min_value=0, max_value=999, required=False)
    day_kind = forms.ChoiceField(label=_("Days counted in"), choices=states.DayKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.living()


class TemplateForm(forms.Form):
    template_id = forms.TypedChoiceField(label=_("Template"), coerce=int)
    starts_on = DayField(label=_("The plan begins on"))

    def __init__(self, *args: Any, templates: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template_id"].choices = [(one.pk, one.name) for one in templates]


class StartItemForm(forms.Form):
    on = DayField(label=_("Begun on"))
    text = _text(_("Remark"), required=False)


class ResumeItemForm(forms.Form):
    text = _text(_("Remark"), required=False)


class FinishItemForm(forms.Form):
    on = DayField(label=_("Done on"))
    text = _text(_("Remark"), required=False)
    file = forms.FileField(label=_("Evidence"), required=False)


class ReturnItemForm(forms.Form):
    text = _text(_("What is missing"))
    until = DayField(
        label=_("To be completed by"),
        help_text=_("On this day the limit runs again, whether or not the papers are complete."),
    )


class RefuseItemForm(forms.Form):
    on = DayField(label=_("Refused on"))
    text = _text(_("Reason"))


class DropItemForm(forms.Form):
    text = _text(_("Reason"))


class AssignItemForm(forms.Form):
    unit = UnitChoice(label=_("Responsible unit"), required=False, empty_label=_("That of the project"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.living()


class ReviseItemForm(forms.Form):
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)
    reason = _text(_("Reason"))

    @staticmethod
    def values_of(item: PlanItem) -> dict[str, Any]:
        return {"planned_start": item.planned_start, "planned_end": item.planned_end}


class GrantRevisionForm(forms.Form):
    ruling = _text(_("Remark"), required=False)


class DenyRevisionForm(forms.Form):
    ruling = _text(_("Reason"))


class PlanYearForm(forms.Form):
    """The year and its months, in 万元."""

    amount = forms.DecimalField(label=_("Plan of the year (10,000 yuan)"), **CENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, 13):
            self.fields[f"month_{number}"] = forms.DecimalField(
                label=_("Plan of month %(n)s (10,000 yuan)") % {"n": number}, required=False, **CENTS
            )
        self.fields["reason"] = _text(_("Reason"), required=False)
        self.fields["reason"].help_text = _("Needed where the year, or a month that has begun, is planned with less.")

    def months(self) -> dict[int, Any]:
        return {number: self.cleaned_data[f"month_{number}"] for number in range(1, 13)}


class AddPromiseForm(forms.Form):
    side = forms.ChoiceField(label=_("Who promised"), choices=states.PromiseSide.choices)
    text = _text(_("Promise"), 1000)
    clause = forms.CharField(label=_("Clause of the agreement"), max_length=100, required=False)
    due_on = DayField(label=_("Due on"))
    unit = UnitChoice(
        label=_("Responsible unit"),
        required=False,
        empty_label=_("None"),
        help_text=_("Needed where the government promised."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.living()


class CheckPromiseForm(forms.Form):
    on = DayField(label=_("Day of the check"))
    result = forms.ChoiceField(label=_("Result"), choices=states.CheckResult.choices, widget=forms.RadioSelect)
    finding = forms.ChoiceField(
        label=_("Finding"),
        choices=[("", _("None")), *states.Finding.choices],
        required=False,
        help_text=_("Only where the promise is broken."),
    )
    text = _text(_("What was found"), 1000, required=False)


class LogContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=states.LogKind.choices, widget=forms.RadioSelect)
    on = DayField(label=_("Day of contact"), help_text=_("The day on which it happened, not the day of entry."))
    text = _text(_("What was done"), 2000)


class ApprovalFilterForm(forms.Form):
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    step = forms.ChoiceField(label=_("Approval step"), required=False)

    def __init__(self, *args: Any, units: Iterable[Any], steps: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("All")), *units]
        self.fields["step"].choices = [("", _("All")), *((name, name) for name in steps)]


def month_of(text: str) -> date | None:
    """2026-03 as its first day; None when it is no month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
