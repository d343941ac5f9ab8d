"""The page of one act on a project: its form, its verb, and back to the section it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.decorators import role_page
from accounts.policy import can
from common.forms import form_page
from projects import policy, sections
from projects.models import Project

FORM = ["GET", "HEAD", "POST"]
project_page = role_page(*policy.MEETING_ENTERPRISES)


def demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):  # type: ignore[attr-defined]
        raise PermissionDenied


def find_for(request: HttpRequest, code: str, action: str) -> Project:
    """The project that is seen and may be acted on: 404, 403."""
    project = sections.find(request.actor, code)  # type: ignore[attr-defined]
    demand(request, action, project)
    return project


def act_page(
    request: HttpRequest,
    project: Project,
    form: forms.Form,
    *,
    verb: Callable[[dict[str, Any]], Any],
    title: str,
    submit: str,
    told: str,
    back: str,
    lede: str = "",
    facts: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    context = {
        "title": title,
        "submit": submit,
        "cancel": back,
        "lede": lede,
        "facts": facts,
        "crumbs": sections.crumbs(project, title),
    }
    return form_page(request, form, verb=verb, to=back, told=told, context=context)
