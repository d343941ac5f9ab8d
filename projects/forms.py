"""The shape of what is typed about enterprises, invitations and lines."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ContactForm, PostChoice, UnitChoice
from accounts.models import Post, Unit
from accounts.roles import Role, UnitKind
from common.forms import DayField
from projects import scopes
from projects.models import Enterprise, Line, Project
from projects.states import Ownership, Size


def posts_of(*roles: str) -> Any:
    return Post.objects.current().filter(role__in=roles).for_actor().order_by("user__pinyin")


# From whom a partner or an officer in residence is sent.
CADRES = (Role.SPECIALIST, Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.SERVICE_OFFICE, Role.LEADER)


class EnterpriseForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=24, required=False)
    override_reason = forms.CharField(
        label=_("Why this code is right all the same"),
        max_length=200,
        required=False,
        help_text=_("Only when the last character does not fit: what the licence says."),
    )
    town = UnitChoice(label=_("Town or park"), required=False, empty_label=_("Not known"))
    ownership = forms.ChoiceField(
        label=_("Ownership"), required=False, choices=[("", _("Not known")), *Ownership.choices]
    )
    size = forms.ChoiceField(label=_("Size"), required=False, choices=[("", _("Not known")), *Size.choices])
    industry = forms.CharField(label=_("Line of business"), max_length=100, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=100, required=False)
    contact_phone = forms.CharField(label=_("Contact's phone"), max_length=32, required=False)
    channel = forms.CharField(
        label=_("Channel"),
        max_length=200,
        required=False,
        help_text=_("How the enterprise reaches the government at any time: a group, a telephone, a window."),
    )
    is_key = forms.BooleanField(label=_("Key enterprise"), required=False)
    liaison_leader = PostChoice(label=_("Liaison leader"), required=False, empty_label=_("None"))
    liaison_unit = UnitChoice(label=_("Liaison unit"), required=False, empty_label=_("None"))
    specialist = PostChoice(label=_("Service specialist"), required=False, empty_label=_("None"))
    partner = PostChoice(label=_("Partner cadre"), required=False, empty_label=_("None"))
    resident = PostChoice(label=_("Officer in residence"), required=False, empty_label=_("None"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = Unit.objects.living().filter(kind__in=[UnitKind.TOWN, UnitKind.PARK])
        self.fields["liaison_unit"].queryset = Unit.objects.living()
        self.fields["liaison_leader"].queryset = posts_of(Role.LEADER)
        self.fields["specialist"].queryset = posts_of(Role.SPECIALIST)
        for name in ("partner", "resident"):
            self.fields[name].queryset = posts_of(*CADRES)

    @staticmethod
    def values_of(enterprise: Enterprise) -> dict[str, Any]:
        names = [name for name in EnterpriseForm.base_fields if name != "override_reason"]
        return {name: getattr(enterprise, name) for name in names}


class MergeForm(forms.Form):
    into = forms.CharField(label=_("The enterprise that stays"), help_text=_("Its credit code, or its exact name."))

    def enterprise(self, actor: Any) -> Enterprise | None:
        words = self.cleaned_data["into"].strip()
        rows = Enterprise.objects.visible_to(actor).living()
        return rows.filter(uscc=words.upper()).first() or rows.filter(name=words).first()


class InvitationForm(ContactForm):
    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("For sign-in; it stays the same for ever.")
    )
    name = forms.CharField(label=_("Name of the person"), max_length=100)
    field_order = ["username", "name"]


class ChangeLineForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    order = forms.IntegerField(
        label=_("Order of counting"),
        min_value=1,
        max_value=999,
        help_text=_("Where lines overlap, the lower number counts."),
    )
    leader = PostChoice(label=_("Leader"))
    office = UnitChoice(label=_("Service office"))
    units = forms.ModelMultipleChoiceField(
        label=_("Covers"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    categories = forms.MultipleChoiceField(
        label=_("Categories of issues"), required=False, widget=forms.CheckboxSelectMultiple
    )
    projects = forms.CharField(
        label=_("Named projects"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One code a line. A line that names the project counts before all others."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        kept = self.initial.get("categories", [])
        names = dict.fromkeys([*(name for name, _above in scopes.categories()), *kept])
        self.fields["categories"].choices = [(name, name) for name in names]
        self.fields["leader"].queryset = posts_of(Role.LEADER, Role.CHIEF)
        self.fields["office"].queryset = Unit.objects.living()
        self.fields["units"].queryset = Unit.objects.living().order_by("kind", "pinyin")

    @staticmethod
    def values_of(line: Line) -> dict[str, Any]:
        return {
            **{name: getattr(line, name) for name in ("name", "order", "leader", "office")},
            "units": line.units.all(),
            "categories": line.categories,
            "projects": "\n".join(line.projects.values_list("code", flat=True)),
        }

    def clean_projects(self) -> list[Project]:
        wanted = list(dict.fromkeys(re.split(r"[\s,，、;；]+", self.cleaned_data["projects"].strip())))
        wanted = [code for code in wanted if code]
        found = {one.code: one for one in Project.objects.visible_to(self.actor).filter(code__in=wanted)}
        if missing := [code for code in wanted if code not in found]:
            raise forms.ValidationError(_("There is no such project: %(codes)s") % {"codes": "、".join(missing[:10])})
        return [found[code] for code in wanted]


class CreateLineForm(ChangeLineForm):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    field_order = ["name", "year"]


class CloseLineForm(forms.Form):
    on = DayField(label=_("Last day"))
