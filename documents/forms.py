"""The shape of what the pages of papers take."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from documents.models import Document


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Document.Kind.choices])
    month = forms.CharField(
        label=_("Month"),
        required=False,
        validators=[RegexValidator(r"\A\d{4}-(0[1-9]|1[0-2])\Z", _("Write the month as 2026-10."))],
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"}),
    )


class OfficialNumberForm(forms.Form):
    official_number = forms.CharField(
        label=_("Official number"), max_length=60, help_text=_("As the office registered it when the paper was signed.")
    )
    issued_on = forms.DateField(label=_("Date of signing"), widget=forms.DateInput(attrs={"type": "date"}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Verification code"),
        max_length=64,
        help_text=_("The last part of the address that is printed beside the QR code: 22 letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CompareForm(forms.Form):
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("The file is only compared, not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        allow_empty_file=True,
    )
