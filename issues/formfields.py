"""The fields that the forms of the loop are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NEEDED = _("Please fill this in.")
CHOOSE = _("Please choose.")
FILES = _("Files")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Any number of files; what they hold is checked when they are stored."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given if one]


def area(label: Any, hint: Any = "", *, rows: int = 5, required: bool = True, limit: int = 20_000) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=limit,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": NEEDED},
    )


def line(label: Any, hint: Any = "", *, limit: int, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=limit, error_messages={"required": NEEDED}
    )


def word_of(label: Any, words: Any, hint: Any = "", *, required: bool = True, radio: bool = False) -> forms.ChoiceField:
    """One word of an enumeration; nothing is chosen beforehand."""
    choices = list(words.choices) if radio else [("", _("Please choose")), *words.choices]
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=required,
        choices=choices,
        widget=forms.RadioSelect(attrs={"class": "check"}) if radio else forms.Select,
        error_messages={"required": CHOOSE},
    )


def date_of(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": NEEDED, "invalid": _("This is not a date; write it as 2026-11-20.")},
    )


def yes(label: Any, hint: Any = "", *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False, initial=initial)


def uploads(label: Any = FILES, hint: Any = "") -> ManyFilesField:
    return ManyFilesField(
        label=label,
        help_text=hint or _("PDF, pictures, Word, Excel, PowerPoint, OFD, TXT, CSV, ZIP; each at most 20 MB."),
        required=False,
    )


def one_unit(label: Any, hint: Any = "", *, required: bool = True) -> forms.ChoiceField:
    """A unit by its code; the form fills in the units there are."""
    field = forms.ChoiceField(label=label, help_text=hint, required=required, error_messages={"required": CHOOSE})
    field.of_units = True  # type: ignore[attr-defined]
    return field


def many_units(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    field = forms.MultipleChoiceField(
        label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "check"})
    )
    field.of_units = True  # type: ignore[attr-defined]
    field.folded = True  # type: ignore[attr-defined]  # a long list that is mostly left out
    return field
