"""The shape of what is typed about units, people, posts and keys. What it means is checked by the services."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.messages import act_choices
from accounts.models import ApiToken, Post, Unit
from accounts.roles import Group, Role, UnitKind
from accounts.services.posts import heirs_of
from common import clock
from common.forms import DayField

CHOOSE = _("Please choose")


class UnitChoice(forms.ModelChoiceField):
    def __init__(self, *, empty_label: Any = CHOOSE, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), empty_label=empty_label, **kwargs)


class PostChoice(forms.ModelChoiceField):
    """People by what they are: 张明 · 副区长 · 区政府."""

    def __init__(self, *, empty_label: Any = CHOOSE, **kwargs: Any) -> None:
        super().__init__(queryset=Post.objects.none(), empty_label=empty_label, **kwargs)

    def label_from_instance(self, post: Post) -> str:
        return post_label(post)


def post_label(post: Post) -> str:
    parts = (post.user.name, post.title or post.get_role_display(), post.unit.label if post.unit else "")
    return " · ".join(str(part) for part in parts if part)


def living_units() -> Any:
    return Unit.objects.living()


class ChangeUnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    parent = UnitChoice(label=_("Belongs to"), required=False, empty_label=_("No unit above it"))
    phone = forms.CharField(label=_("Office phone"), max_length=32, required=False)
    is_responsible = forms.BooleanField(
        label=_("Responsible unit"), required=False, help_text=_("Issues can be assigned to it.")
    )
    is_lead = forms.BooleanField(label=_("Lead unit"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Assessed with"), choices=Group.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = living_units()

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        return {name: getattr(unit, name) for name in ChangeUnitForm.base_fields}


class CreateUnitForm(ChangeUnitForm):
    code = forms.CharField(label=_("Unit code"), max_length=32, help_text=_("Other programs name the unit by it."))
    field_order = ["code", "name"]


class CloseUnitForm(forms.Form):
    on = DayField(label=_("Last day"))
    successor = UnitChoice(label=_("Successor"), required=False, empty_label=_("None"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = living_units()


class ContactForm(forms.Form):
    phone = forms.CharField(
        label=_("Phone"), max_length=32, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class OwnContactForm(ContactForm):
    password = forms.CharField(
        label=_("Current password"),
        max_length=4096,
        strip=False,
        required=False,
        help_text=_("Only to change the e-mail: notices go there."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangeUserForm(ContactForm):
    name = forms.CharField(label=_("Full name"), max_length=100)
    field_order = ["name"]


class CreateUserForm(ChangeUserForm):
    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("For sign-in; it stays the same for ever.")
    )
    field_order = ["username", "name"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class PostForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in Role.choices if choice[0] != Role.ENTERPRISE]
    )
    unit = UnitChoice(label=_("Unit"), required=False, empty_label=_("None (observers)"))
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = living_units()

    def values(self) -> dict[str, Any]:
        """The days as instants: from the first minute of the first one to the last minute of the last."""
        data = self.cleaned_data
        last = data["ends_on"]
        return {
            **{name: data[name] for name in ("role", "unit", "title")},
            "starts_at": midnight(data["starts_on"]),
            "ends_at": midnight(last + timedelta(days=1)) if last else None,
        }


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


class HeirForm(forms.Form):
    heir = PostChoice(label=_("Who takes over"), required=False, empty_label=_("Nobody yet"))

    def __init__(self, post: Post, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = heirs_of(post)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=60)
    scope = forms.ChoiceField(label=_("Access"), choices=ApiToken.Scope.choices, widget=forms.RadioSelect)


class DistrictForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    office = forms.CharField(label=_("Office in charge"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)


class AuditFilter(forms.Form):
    """The conditions of the audit log; all of them may be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    user = forms.CharField(label=_("User name"), max_length=150, required=False)
    act = forms.ChoiceField(label=_("Act"), choices=lambda: [("", _("All")), *act_choices()], required=False)
    ref = forms.CharField(label=_("Object"), max_length=64, required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)
