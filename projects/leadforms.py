"""The shape of what is typed about leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PostChoice, UnitChoice
from accounts.models import Unit
from accounts.policy import subtree_of
from accounts.roles import UnitKind
from common.forms import DayField
from projects import policy, states
from projects.forms import posts_of
from projects.services.managers import LEADING, SERVING

YES_NO = [("yes", _("Favourable")), ("no", _("Not favourable"))]


def _text(label: Any, limit: int = 1000, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **more)


class LeadForm(forms.Form):
    code = forms.CharField(
        label=_("Project code"), max_length=32, help_text=_("Letters, digits and hyphens; it stays for ever.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    source = forms.CharField(label=_("Where it came from"), max_length=200, required=False)
    investor = forms.CharField(label=_("Investor"), max_length=200, required=False)
    total_investment = forms.DecimalField(
        label=_("Total investment (10,000 yuan)"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    industry = forms.CharField(label=_("Line of business"), max_length=100, required=False)
    content = _text(_("What is built"), 4000, required=False)
    unit = UnitChoice(label=_("Responsible unit"))
    owner = PostChoice(label=_("Responsible for the first contact"), required=False, empty_label=_("Not named yet"))
    contact_name = forms.CharField(label=_("Contact"), max_length=100, required=False)
    contact_phone = forms.CharField(label=_("Contact's phone"), max_length=32, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.living().order_by("kind", "pinyin")
        self.fields["unit"].queryset = units if actor.has(*policy.DESK) else units.filter(pk__in=subtree_of(actor))
        self.fields["owner"].queryset = posts_of(*SERVING)


class FirstTalkForm(forms.Form):
    owner = PostChoice(label=_("Responsible for the first contact"))
    on = DayField(label=_("First talk on"), required=False)
    text = _text(_("What was said"), 4000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = posts_of(*SERVING)


class EvaluateForm(forms.Form):
    """A score and a reason for each of the seven, then the opinion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion, label in states.Criterion.choices:
            self.fields[criterion] = forms.IntegerField(label=label, min_value=0, max_value=10, help_text=_("0 to 10"))
            self.fields[f"{criterion}_reason"] = forms.CharField(
                label=_("Reason for “%(what)s”") % {"what": label}, max_length=1000
            )
        self.fields["favourable"] = forms.ChoiceField(
            label=_("Result"), choices=YES_NO, widget=forms.RadioSelect(attrs={"class": "check"})
        )
        self.fields["opinion"] = _text(_("Opinion"), 4000)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "scores": {one: (data[one], data[f"{one}_reason"]) for one in states.Criterion.values},
            "favourable": data["favourable"] == "yes",
            "opinion": data["opinion"],
        }


class ParkForm(forms.Form):
    park = UnitChoice(label=_("Park"))
    leader = PostChoice(label=_("Leader whose consent is asked"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Unit.objects.living().filter(kind=UnitKind.PARK)
        self.fields["leader"].queryset = posts_of(*LEADING)


class AnswerForm(forms.Form):
    consent = forms.ChoiceField(
        label=_("Answer"),
        choices=[("yes", _("I consent")), ("no", _("I do not consent"))],
        widget=forms.RadioSelect(attrs={"class": "check"}),
    )
    text = _text(_("Remark"), 500, required=False, help_text=_("Who does not consent says why."))


class ReviewForm(forms.Form):
    kind = forms.ChoiceField(label=_("Side"), choices=states.Review.choices)
    passed = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("No objection")), ("no", _("Veto"))],
        widget=forms.RadioSelect(attrs={"class": "check"}),
    )
    unit = UnitChoice(label=_("Unit that reviewed"))
    on = DayField(label=_("Day"))
    text = _text(_("What was found"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.living().order_by("kind", "pinyin")


class DecisionForm(forms.Form):
    tier = forms.ChoiceField(label=_("Meeting"), choices=states.Tier.choices)
    favourable = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("Agreed")), ("no", _("Not agreed"))],
        widget=forms.RadioSelect(attrs={"class": "check"}),
    )
    on = DayField(label=_("Day"))
    number = forms.CharField(label=_("Number of the minutes"), max_length=100)
    text = _text(_("What was decided"), required=False)


class BriefForm(forms.Form):
    """Nothing is asked for: the paper brings its number."""


class OpinionForm(forms.Form):
    text = _text(_("How it is to be followed up"), rows=5)


class TargetForm(forms.Form):
    unit = UnitChoice(label=_("Park or department"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    least = forms.DecimalField(label=_("Each of at least (10,000 yuan)"), max_digits=14, decimal_places=2, min_value=0)
    count = forms.IntegerField(label=_("Projects owed"), min_value=0, max_value=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.living().filter(kind__in=[UnitKind.PARK, UnitKind.DEPARTMENT])
        self.fields["unit"].queryset = units.order_by("kind", "pinyin")
