"""The shape of what is sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.services.contests import TEXT_MAX
from documents.filetypes import ACCEPT


class ContestForm(forms.Form):
    text = forms.CharField(
        label=_("Why the case should not count"),
        help_text=_("Facts and dates; name the evidence. The coordinator rules on it before the month is published."),
        max_length=TEXT_MAX,
        widget=forms.Textarea,
    )
    file = forms.FileField(
        label=_("Evidence"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ACCEPT})
    )


class RulingForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("Ruling"),
        choices=[
            ("yes", _("Accept: the case is taken out, and the month is ranked anew")),
            ("no", _("Reject: the case counts")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Reason"), max_length=TEXT_MAX, widget=forms.Textarea)


class SignatureForm(forms.Form):
    """What is signed are the figures that were on the page."""

    data_sha256 = forms.CharField(widget=forms.HiddenInput)


class PlainForm(forms.Form):
    """A verb without fields."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=TEXT_MAX, widget=forms.Textarea)


class RepairForm(forms.Form):
    note = forms.CharField(
        label=_("What was put right, and how that was checked"), max_length=TEXT_MAX, widget=forms.Textarea
    )
