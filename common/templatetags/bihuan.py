"""The tags of our look. Words and formats live in common/fmt.py, markup in templates/components/."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from common import fmt

register = template.Library()

_DJANGO_ROWS, _ROWS = "10", 5  # a textarea nobody gave a height to

register.filter("cn_date", fmt.cn_date)
register.filter("cn_datetime", fmt.cn_datetime)
register.filter("full_date", fmt.full_date)
register.filter("plain_date", fmt.plain_date)
register.filter("month", fmt.month)
register.filter("md", fmt.md)
register.filter("md_hm", fmt.md_hm)
register.filter("hm", fmt.hm)
register.filter("weekday", fmt.weekday)
register.filter("signed", fmt.signed)
register.filter("places", fmt.places)
register.filter("percent", fmt.percent)
register.filter("file_size", fmt.file_size)


@register.inclusion_tag("components/light.html")
def light(value: fmt.Light | str | None, text: str = "", breached: bool = False) -> dict[str, Any]:
    """``{% light issue.light %}`` · ``{% light row.light "逾期 5 天" %}`` · takes a ready ``fmt.Light`` as well."""
    return {"light": value if isinstance(value, fmt.Light) else fmt.light(value, text, breached=breached)}


@register.simple_tag
def lightword(value: str | None, breached: bool = False) -> str:
    return fmt.light_word(value, breached=breached)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", hint: str | None = None, rows: int = 0, **attrs: Any) -> dict[str, Any]:
    """Label, hint, error and control of one form field, tied together for screen readers.

    ``{% field form.title %}`` · ``{% field form.text rows=5 %}`` · ``{% field form.phone autocomplete="tel" %}``
    (an underscore in a name becomes a hyphen). ``label`` and ``hint`` overrule the form's own; ``hint=""`` shows none.
    """
    if hint is not None:
        bound.help_text = hint  # Django ties the control to it by aria-describedby, and to the mistake
    kind, own = _kind(bound), bound.field.widget.attrs
    widget_attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    if kind == "textarea":
        widget_attrs["rows"] = rows or (own.get("rows") if own.get("rows") != _DJANGO_ROWS else _ROWS)
    if kind in ("input", "textarea", "select", "file"):
        widget_attrs["class"] = " ".join(filter(None, ("input", own.get("class"), widget_attrs.get("class"))))
    return {
        "field": bound,
        "kind": kind,
        "label": label or bound.label,
        "optional": not bound.field.required and kind != "checkbox",
        "control": bound.as_widget(attrs=widget_attrs),
        "choices": bound.subwidgets if kind in ("radio", "checkboxes") else [],
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    for kind, classes in (
        ("hidden", (forms.HiddenInput,)),
        ("checkboxes", (forms.CheckboxSelectMultiple,)),
        ("radio", (forms.RadioSelect,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("textarea", (forms.Textarea,)),
        ("file", (forms.FileInput,)),
        ("select", (forms.Select,)),
    ):
        if isinstance(widget, classes):
            return kind
    return "input"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """The list of mistakes above a form, each a link to its field; nothing while there are none."""
    if not form.is_bound or not form.errors:
        return {"mistakes": []}
    mistakes = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        mistakes += [{"text": _named(bound, text), "target": _target(bound)} for text in bound.errors]
    return {"mistakes": mistakes}


def _named(bound: BoundField, text: str) -> str:
    """The mistake with the name of its field, unless it says that itself; beside the field it needs none."""
    label = str(bound.label)
    blank = (_("Please fill this in."), str(forms.Field.default_error_messages["required"]))
    if text in blank and _kind(bound) in ("input", "textarea"):
        return _("Please fill in “%(label)s”.") % {"label": label}
    if label in text or _kind(bound) == "checkbox":
        return text
    return _("“%(label)s”: %(text)s") % {"label": label, "text": text}


def _target(bound: BoundField) -> str:
    """The id of the control that takes the focus: of a group, its first choice."""
    if _kind(bound) in ("radio", "checkboxes"):
        return next((choice.id_for_label for choice in bound.subwidgets), bound.auto_id)
    return bound.id_for_label or bound.auto_id
