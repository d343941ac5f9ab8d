"""Forms beside the actions: a new issue typed in by staff or an account, whose issue it is, the categories."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from issues import states
from issues.formfields import NEEDED, area, line, one_unit, uploads, word_of, yes
from issues.forms import category_choices, unit_choices
from issues.models import Category, Issue


class SubmitForm(forms.Form):
    """An issue typed in by staff for an enterprise, or by an enterprise's or observer's own account."""

    use_required_attribute = False
    title = line(_("The problem in one sentence"), limit=200)
    text = area(
        _("Describe it"),
        _("When, where, who was asked, what they said, what is wished for. No state secrets."),
        rows=7,
    )
    kind = word_of(_("Kind"), states.IssueKind, _("A complaint goes to the supervision office only."), radio=True)
    channel = word_of(_("How it came"), states.Channel)
    category = forms.ChoiceField(label=_("Category"), required=False)
    urgency = word_of(_("Urgency"), states.Urgency, radio=True)
    enterprise = line(
        _("Enterprise"), _("Credit code or name. A name is a claim until confirmed."), limit=200, required=False
    )
    project = line(_("Project code"), limit=200, required=False)
    place = line(_("Location"), limit=200, required=False)
    confidentiality = word_of(
        _("Who may read it"),
        states.Confidentiality,
        _("Commercial secret: text and files only for the lead unit, its leader and the coordinators."),
        radio=True,
    )
    contact_name = line(_("Contact"), limit=100)
    contact_phone = line(_("Phone of the contact"), limit=32)
    contact_email = forms.EmailField(label=_("E-mail of the contact"), required=False, max_length=254)
    files = uploads()

    OWN = ("channel", "enterprise")

    def __init__(self, *args: Any, actor: Actor, own: bool, channel: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "f-%s")
        super().__init__(*args, **kwargs)
        self.own_channel = channel
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        for name in self.OWN if own else ():
            del self.fields[name]
        self.initial.setdefault("kind", states.IssueKind.ISSUE)
        self.initial.setdefault("urgency", states.Urgency.NORMAL)
        self.initial.setdefault("confidentiality", states.Confidentiality.NORMAL)
        if own and actor.user:
            self.initial |= {
                "contact_name": actor.user.name,
                "contact_phone": actor.user.phone,
                "contact_email": actor.user.email,
            }
        else:
            self.fields["contact_phone"].help_text = _("The enterprise's own phone, not yours.")
        self.fields["contact_phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def verb_fields(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "files"}
        contact = {name: data.pop(f"contact_{name}") for name in ("name", "phone", "email")}
        data["category"] = data["category"] or None
        return {"channel": self.own_channel, **data, "contact": contact}

    def take_errors(self, errors: dict[str, list[str]]) -> None:
        for name, texts in errors.items():
            known = {"file": "files", "contact": "contact_name"}.get(name, name.replace(".", "_"))
            for message in texts:
                self.add_error(known if known in self.fields else None, message)


class IdentifyForm(forms.Form):
    """Whose issue it is: one of the registered enterprises that fit the claim, or another one by its credit code."""

    use_required_attribute = False
    enterprise = forms.ChoiceField(label=_("Registered enterprise"), required=False, widget=forms.RadioSelect)
    code = line(_("Another one, by credit code"), limit=18, required=False)
    project = line(_("Project code"), limit=32, required=False)
    town = forms.ChoiceField(label=_("Town"), required=False)
    about_unit = forms.ChoiceField(label=_("Unit complained of"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, issue: Issue, candidates: list[Any], towns: list[Any], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "i-%s")
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].choices = [  # type: ignore[attr-defined]
            *((str(one.pk), f"{one.name}　{one.uscc or ''}") for one in candidates),
            ("", _("None of them, or not known")),
        ]
        self.fields["town"].choices = [("", _("By the enterprise")), *((one.code, one.name) for one in towns)]  # type: ignore[attr-defined]
        if issue.kind == states.IssueKind.COMPLAINT:
            self.fields["about_unit"].choices = [("", _("Nobody named")), *unit_choices()]  # type: ignore[attr-defined]
        else:
            del self.fields["about_unit"]
        self.initial |= {
            "enterprise": str(issue.enterprise_id or ""),
            "project": issue.project.code if issue.project else "",
            "about_unit": issue.about_unit.code if issue.about_unit else "",
            "version": issue.version,
        }


class CategoryForm(forms.Form):
    use_required_attribute = False
    name = line(_("Name"), _("The Chinese name is the key by which other programs name it."), limit=40)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False)
    unit = one_unit(_("Suggested unit in charge"), _("Offered at triage; the coordinator decides."), required=False)
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=32_000, error_messages={"required": NEEDED})
    active = yes(_("Can be chosen"), _("Switch it off instead of deleting: old issues keep it."))

    def __init__(self, *args: Any, category: Category | None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "f-%s")
        super().__init__(*args, **kwargs)
        top = Category.objects.filter(parent__isnull=True).order_by("order", "id")
        if category:
            top = top.exclude(pk=category.pk)
        self.fields["parent"].choices = [("", _("None: first level")), *((str(one.pk), one.name) for one in top)]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("None")), *unit_choices()]  # type: ignore[attr-defined]
        if category:
            self.initial |= {
                "name": category.name,
                "parent": str(category.parent_id or ""),
                "unit": category.unit.code if category.unit else "",
                "order": category.order,
                "active": category.active,
            }
        else:
            self.initial |= {"order": 100, "active": True}
