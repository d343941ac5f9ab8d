"""The shape of what is typed about a project, its people and its stages."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import PostChoice, UnitChoice
from accounts.models import Post, Unit
from accounts.roles import UnitKind
from common import clock
from common.forms import DayField
from projects import gates, states
from projects.forms import posts_of
from projects.models import Chain, Enterprise, Project
from projects.services.managers import LEADING, SERVING

NONE = _("None")
MOST_LAND = Decimal("99999999.99")  # more would be rounded up beyond the column


class VersionForm(forms.Form):
    """Carries the version that was read: who saves after somebody else is told so."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ParcelsField(forms.CharField):
    """One parcel a line: number, area in 亩, state."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Parcels"),
            required=False,
            max_length=8000,
            help_text=_("One a line: number, area in mu, state; with blanks between them, as in: BG-03 45.6 Planned"),
            widget=forms.Textarea(attrs={"rows": 4}),
            **kwargs,
        )

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text = super().clean(value)
        return [self._parcel(line) for line in text.splitlines() if line.strip()]

    def _parcel(self, line: str) -> dict[str, Any]:
        words = {str(label): state for state, label in states.ParcelState.choices}
        parts = line.split(maxsplit=2)
        try:
            number, area, state = parts[0][:50], Decimal(parts[1]), words[parts[2].strip()] if parts[2:] else "planned"
        except (IndexError, InvalidOperation, KeyError):
            known = "、".join(words)
            text = gettext("“%(line)s” is not a number, an area and one of: %(words)s.") % {
                "line": line,
                "words": known,
            }
            raise ValidationError(text) from None
        if not area.is_finite() or not 0 <= area <= MOST_LAND:
            raise ValidationError(gettext("“%(line)s” has no area.") % {"line": line})
        return {"number": number, "area": round(area, 2), "state": state}


def parcels_text(project: Project) -> str:
    words = dict(states.ParcelState.choices)
    rows = project.parcels.all()
    return "\n".join(f"{one.number} {one.area} {words[states.ParcelState(one.state)]}" for one in rows)


def _choices(words: Any) -> list[tuple[str, Any]]:
    return [("", _("Not known")), *words.choices]


def _area(label: Any, rows: int = 5) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": rows}))


class DescribeProjectForm(VersionForm):
    content = _area(_("What is built"))
    industry = forms.CharField(label=_("Line of business"), max_length=100, required=False)
    place = forms.CharField(label=_("Site"), max_length=200, required=False)
    land_area = forms.DecimalField(label=_("Land (mu)"), max_digits=10, decimal_places=2, min_value=0, required=False)
    parcels = ParcelsField()
    note = _area(_("Remarks"), 3)

    @classmethod
    def values_of(cls, project: Project) -> dict[str, Any]:
        plain = {name: getattr(project, name) for name in cls.base_fields if name not in ("parcels", "enterprise")}
        firm = project.enterprise
        return {**plain, "parcels": parcels_text(project), "enterprise": firm.name if firm else ""}


class ChangeProjectForm(DescribeProjectForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    enterprise = forms.CharField(
        label=_("Enterprise"),
        max_length=200,
        required=False,
        help_text=_("Its credit code, or its exact name as it stands in the list of enterprises."),
    )
    investor = forms.CharField(label=_("Investor"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=states.Level.choices)
    category = forms.ChoiceField(label=_("Project category"), choices=_choices(states.Category), required=False)
    approval_type = forms.ChoiceField(label=_("Approval type"), choices=_choices(states.ApprovalType), required=False)
    fast_early = forms.BooleanField(label=_("Approved ahead"), required=False)
    fast_promise = forms.BooleanField(label=_("Approved on promise"), required=False)
    fast_build = forms.BooleanField(label=_("Built first, inspected later"), required=False)
    total_investment = forms.DecimalField(
        label=_("Total investment (10,000 yuan)"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    chain = forms.ModelChoiceField(
        label=_("Industry chain"), queryset=Chain.objects.none(), required=False, empty_label=NONE
    )
    unit = UnitChoice(label=_("Responsible unit"), required=False, empty_label=NONE)
    lead_unit = UnitChoice(label=_("Lead unit"), required=False, empty_label=NONE)
    town = UnitChoice(label=_("Town"), required=False, empty_label=NONE)
    park = UnitChoice(label=_("Park"), required=False, empty_label=NONE)
    field_order = [
        "name", "enterprise", "investor", "level", "category", "approval_type", "fast_early", "fast_promise",
        "fast_build", "total_investment", "chain", "industry", "unit", "lead_unit", "town", "park", "place",
        "land_area", "parcels", "content", "note",
    ]  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["chain"].queryset = Chain.objects.living(clock.today())
        for name, kind in (("unit", ""), ("lead_unit", ""), ("town", UnitKind.TOWN), ("park", UnitKind.PARK)):
            units = Unit.objects.living().order_by("kind", "pinyin")
            self.fields[name].queryset = units.filter(kind=kind) if kind else units

    def clean_enterprise(self) -> Enterprise | None:
        words = self.cleaned_data["enterprise"].strip()
        if not words:
            return None
        rows = Enterprise.objects.visible_to(self.actor).living()
        found = rows.filter(uscc=words.upper()).first() or rows.filter(name=words).first()
        if found is None:
            raise ValidationError(gettext("There is no such enterprise."))
        return found


class CreateProjectForm(ChangeProjectForm):
    code = forms.CharField(
        label=_("Project code"), max_length=32, help_text=_("Letters, digits and hyphens; it stays for ever.")
    )
    field_order = ["code", *ChangeProjectForm.field_order]


class ManagerForm(VersionForm):
    post = PostChoice(label=_("Manager"))
    leader = PostChoice(
        label=_("Leader above"),
        required=False,
        empty_label=_("The manager is a leader"),
        help_text=_("Only for a cadre: the leader who answers for the project."),
    )
    on = DayField(label=_("First day"))
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts_of(*SERVING)
        self.fields["leader"].queryset = posts_of(*LEADING)


class MemberForm(VersionForm):
    post = PostChoice(label=_("Person"))
    duty = forms.ChoiceField(label=_("Duty"), choices=states.Duty.choices)
    on = DayField(label=_("First day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts_of(*SERVING)


class EndForm(VersionForm):
    on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ReasonForm(VersionForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RecordDateForm(VersionForm):
    on = DayField(label=_("Day"))


class CorrectDateForm(ReasonForm):
    on = DayField(label=_("The right day"), required=False, help_text=_("Empty: it has not come yet."))
    field_order = ["on", "reason"]


class FileForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[(gates.AGREEMENT, _("The signed agreement")), (gates.FILE, _("Another file"))],
    )
    file = forms.FileField(label=_("File"))
    public = forms.BooleanField(label=_("The enterprise may read it"), required=False)


class MoveFromForm(forms.Form):
    post = PostChoice(label=_("Whose duties move"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts_of(*LEADING)


class MoveForm(forms.Form):
    heir = PostChoice(label=_("Who takes over"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    codes = forms.MultipleChoiceField(
        label=_("Projects"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "check"})
    )
    line_ids = forms.TypedMultipleChoiceField(
        label=_("Service lines"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "check"}),
    )
    enterprise_ids = forms.TypedMultipleChoiceField(
        label=_("Enterprises as liaison"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "check"}),
    )

    def __init__(self, *args: Any, post: Post, what: dict[str, list[tuple[Any, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = posts_of(*LEADING).exclude(pk=post.pk)
        for name, choices in what.items():
            self.fields[name].choices = choices
            if not choices:
                del self.fields[name]
