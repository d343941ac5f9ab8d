"""The shape of what is typed about industry chains."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PostChoice
from accounts.models import Unit
from accounts.roles import Role
from common.forms import DayField
from projects.forms import posts_of
from projects.models import Chain, Enterprise
from projects.states import ChainMeetingKind


class ChainForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    leader = PostChoice(label=_("Chain leader"), required=False, empty_label=_("None"))
    adviser = forms.CharField(label=_("Adviser"), max_length=200, required=False)
    units = forms.ModelMultipleChoiceField(
        label=_("Units of the task force"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    chief_months = forms.IntegerField(
        label=_("The leader calls a meeting every … months"), min_value=1, max_value=24, initial=2
    )
    force_months = forms.IntegerField(
        label=_("The task force meets every … months"), min_value=1, max_value=24, initial=1
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = posts_of(Role.LEADER, Role.CHIEF)
        self.fields["units"].queryset = Unit.objects.living().order_by("kind", "pinyin")

    @staticmethod
    def values_of(chain: Chain) -> dict[str, Any]:
        names = [name for name in ChainForm.base_fields if name != "units"]
        return {name: getattr(chain, name) for name in names} | {"units": chain.units.all()}


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=ChainMeetingKind.choices)
    on = DayField(label=_("Day"))
    text = forms.CharField(
        label=_("What was settled"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class TargetForm(forms.Form):
    name = forms.CharField(
        label=_("Enterprise"), max_length=200, help_text=_("Its name; one of ours is found by name or credit code.")
    )
    note_text = forms.CharField(label=_("Note"), max_length=500, required=False)

    def values(self, actor: Any) -> dict[str, Any]:
        words = self.cleaned_data["name"].strip()
        rows = Enterprise.objects.visible_to(actor).living()
        found = rows.filter(uscc=words.upper()).first() or rows.filter(name=words).first()
        return {**self.cleaned_data, "name": found.name if found else words, "enterprise": found}
