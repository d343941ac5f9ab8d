"""What forms and services have to say to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from common.errors import Conflict
from common.render import render_form

FIRST_YEAR, LAST_YEAR = 1900, 2100


def take_over(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's ValidationError into the form: each message at its field, what has none at the head."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, errors)


def done(request: HttpRequest, form: forms.BaseForm, verb: Callable[[dict[str, Any]], Any]) -> tuple[bool, Any]:
    """Run ``verb(cleaned_data)`` if the form was sent and is sound; (True, its answer), or (False, None) with the
    mistakes in the form."""
    if request.method != "POST" or not form.is_valid():
        _ask_again(request, form)
        return False, None
    try:
        return True, verb(form.cleaned_data)
    except ValidationError as error:
        take_over(form, error)
        _ask_again(request, form)
        return False, None


def _ask_again(request: HttpRequest, form: forms.BaseForm) -> None:
    """A page cannot hand back a file that was chosen: it says so, else the second try would go without."""
    for name in form.fields:
        if form.add_prefix(name) in request.FILES and name not in form.errors:
            form.add_error(name, _("Please choose the file again: it was not kept."))


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    verb: Callable[[dict[str, Any]], Any],
    to: Callable[[Any], str] | str,
    told: str,
    context: Mapping[str, Any],
    template: str = "form.html",
) -> HttpResponse:
    """The whole of a page with one form: shows it, runs the verb, says ``told`` and goes ``to`` the next page. A
    conflict (409) shows the form again: who typed loses nothing.

    ``context`` holds ``title``, ``submit``, ``cancel`` and perhaps ``lede``, ``crumbs``.
    """
    try:
        finished, result = done(request, form, verb)
    except Conflict as held:
        return _held(request, form, held, template, context)
    if finished:
        messages.success(request, told)
        return HttpResponseRedirect(to(result) if callable(to) else to)
    return render_form(request, template, context, form=form)


def _held(
    request: HttpRequest, form: forms.BaseForm, held: Conflict, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Without fields nothing was typed: then the page of all conflicts says it better."""
    if not form.fields:
        raise held
    form.add_error(None, held.message)
    _ask_again(request, form)
    form.add_error(None, _("What you typed is still here. Nothing was saved: open the page anew to see how it is now."))
    response = render_form(request, template, context, form=form)
    response.status_code = 409
    return response


class DayInput(forms.DateInput):
    """A date as the browser's own control wants it, whatever the language of the page."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def within_reach(value: date) -> None:
    """Refuse a day or instant that no case can lie at. Nearer to the ends of what a date can hold, adding a day or
    turning it into another time zone would raise."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_("Give a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR})


class DayField(forms.DateField):
    widget = DayInput
    input_formats = ["%Y-%m-%d"]
    default_validators = [within_reach]
