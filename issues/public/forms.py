"""The shape of what strangers type: five fields to begin with, everything else may be left out."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.formfields import CHOOSE, area, line, uploads
from issues.forms import category_choices
from issues.services.intake import PHONE
from issues.states import Confidentiality, IssueKind, Solved, Urgency

# The verb's name of a field → the form's.
NAMES = {"contact.name": "name", "contact.phone": "phone", "contact.email": "email", "contact": "name", "file": "files"}
SOLVED: list[tuple[str, Any]] = [
    (Solved.YES.value, _("Yes, it is solved")),
    (Solved.PARTLY.value, _("Partly solved")),
    (Solved.NO.value, _("No, it is not solved")),
]
SATISFACTION: list[tuple[str, Any]] = [
    ("5", _("Very satisfied")),
    ("4", _("Satisfied")),
    ("3", _("So so")),
    ("2", _("Dissatisfied")),
    ("1", _("Very dissatisfied")),
]
MORE = ("files", "urgency", "place", "category", "email", "confidentiality", "kind")


class PublicForm(forms.Form):
    use_required_attribute = False
    # What to say when a field is empty: the list above the form must tell them apart.
    missing: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in self.missing.items():
            self.fields[name].error_messages["required"] = text

    def take(self, error: Any) -> None:
        """A verb's mistakes, each beside the field that it belongs to."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in found.items():
            own = NAMES.get(name, name)
            for text in texts:
                self.add_error(own if own in self.fields else None, text)


def radios(label: Any, choices: list[tuple[str, Any]], *, required: bool = False, hint: Any = "") -> forms.ChoiceField:
    """Nothing is chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=required,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )


class SubmitForm(PublicForm):
    missing = {
        "title": _("Please say in one sentence what the problem is."),
        "text": _("Please describe what is the matter."),
        "name": _("Please tell us your name."),
        "phone": _("Please leave a phone number."),
    }
    title = line(_("The problem in one sentence"), _("For example: too little power for our new machines"), limit=200)
    text = area(
        _("What is the matter"), _("When, where, whom you asked, and what they said. No official style needed."), rows=6
    )
    name = line(_("Your name"), limit=100)
    phone = line(_("Your phone"), _("Only used to tell you how it goes"), limit=32)
    enterprise = line(_("Name of the enterprise"), limit=200, required=False)
    files = uploads(_("Photos and files"))
    urgency = radios(
        _("How urgent is it?"),
        [
            (Urgency.URGENT.value, _("Production stops unless it is solved within three days")),
            (Urgency.NORMAL.value, _("Not that urgent")),
        ],
    )
    place = line(_("Where it is"), _("Street, number, plant"), limit=200, required=False)
    category = forms.ChoiceField(label=_("Kind of matter"), required=False, help_text=_("Leave it out if unsure."))
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("If you give one, every step is also written to you."),
        max_length=254,
        required=False,
        error_messages={"invalid": _("This is not an e-mail address.")},
    )
    confidentiality = radios(
        _("Who may know"),
        [
            (Confidentiality.NORMAL.value, _("No need to keep it confidential")),
            (
                Confidentiality.COMMERCIAL.value,
                _("It holds commercial secrets: only who handles it, the leader and the supervisors read it"),
            ),
            (
                Confidentiality.ANONYMOUS.value,
                _("Anonymous: the units never learn who or which enterprise reported it"),
            ),
        ],
    )
    kind = radios(
        _("What is it about"),
        [
            (IssueKind.ISSUE.value, _("A difficulty or a problem of the enterprise")),
            (
                IssueKind.COMPLAINT.value,
                _("A complaint about the conduct of officials: goes straight to supervision and discipline"),
            ),
        ],
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = category_choices()
        self.fields["category"].choices = [("", _("Not chosen")), *choices[1:]]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """An input method may write full-width digits. What the verb would refuse is told with the other mistakes."""
        phone = unicodedata.normalize("NFKC", self.cleaned_data["phone"]).strip()
        if not PHONE.match(phone):
            raise forms.ValidationError(_("Please give a phone number of digits, at most 32 characters."))
        return phone

    def clean_key(self) -> str:
        """Only keys of ours: what else stands there is as good as none."""
        try:
            return str(uuid.UUID(self.cleaned_data["key"]))
        except ValueError:
            return new_key()

    @property
    def more_open(self) -> bool:
        """The second part is unfolded once something stands in it, or is wrong there."""
        more = [name for name in MORE if not (self.complaint and name == "kind")]  # then it stands on top
        if not self.is_bound:
            return any(self.initial.get(name) for name in more)
        return any(self.data.get(name) or name in self.errors for name in (*more, "kept"))

    @property
    def complaint(self) -> bool:
        return bool(self["kind"].value() == IssueKind.COMPLAINT)

    def fields_of_verb(self) -> dict[str, Any]:
        """What ``submit`` takes; what was left out stays out."""
        given = self.cleaned_data
        contact = {"name": given["name"], "phone": given["phone"]}
        if given["email"]:
            contact["email"] = given["email"]
        optional = ("enterprise", "urgency", "place", "category", "confidentiality", "kind")
        return {
            "title": given["title"],
            "text": given["text"],
            "contact": contact,
            **{name: given[name] for name in optional if given.get(name)},
        }


def new_key() -> str:
    return str(uuid.uuid4())


class OpenForm(PublicForm):
    """Number and code, as people type them: other dashes, blanks, small or full-width letters are all right."""

    missing = {"number": _("Please enter the number."), "code": _("Please enter the tracking code.")}
    number = line(_("Number"), _("For example WT2026-000123"), limit=64)
    code = forms.CharField(
        label=_("Tracking code"),
        help_text=_("The 32 letters and digits that you got when you submitted; dashes may be left out."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        return fold(self.cleaned_data["number"])

    def clean_code(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["code"])


def fold(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


# --- what a submitter does to the own issue ---------------------------------------------------------------------------


class SupplementForm(PublicForm):
    text = area(_("Your supplement"), rows=6, required=False)
    files = uploads(_("Photos and files"))


class FilesForm(PublicForm):
    files = uploads(_("Photos and files"))

    def clean_files(self) -> list[Any]:
        if not self.cleaned_data["files"]:
            raise forms.ValidationError(_("Please choose a file."))
        return self.cleaned_data["files"]


class WithdrawForm(PublicForm):
    missing = {"reason": _("Please say why you withdraw it.")}
    reason = area(_("Why you withdraw it"), _("If anybody urged you to withdraw it, please say so."), rows=4)


class ReopenForm(PublicForm):
    missing = {"reason": _("Please say what is not solved.")}
    reason = area(_("Why it must go on"), _("What is not solved, or has come back?"), rows=5)


class RateForm(PublicForm):
    missing = {
        "solved": _("Please choose whether it is solved."),
        "satisfaction": _("Please choose how satisfied you are."),
    }
    solved = radios(
        _("Is the problem solved?"),
        SOLVED,
        required=True,
    )
    satisfaction = radios(
        _("How satisfied are you with the way it was handled?"),
        SATISFACTION,
        required=True,
    )
    text = area(
        _("What you want to say"), _("If you are dissatisfied, please say why."), rows=4, required=False, limit=2_000
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("satisfaction") in ("1", "2") and not (given.get("text") or "").strip():
            self.add_error("text", _("Please say in a few words what you are not satisfied with."))
        return given


FORMS: dict[str, type[PublicForm]] = {
    "supplement": SupplementForm,
    "files": FilesForm,
    "withdraw": WithdrawForm,
    "reopen": ReopenForm,
    "rate": RateForm,
}
