"""The project's file by sections: who plugs one in names its address, and who finds it there.

sections.register("plan", _("Plan"), "projects:plan", order=30)   # in AppConfig.ready(); the address takes the code
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock, fmt
from common.errors import NotVisible, PermissionDenied
from common.render import render_page
from projects.leadpage import light_of
from projects.models import Project

Visible = Callable[[Actor, Project], bool]


@dataclass(frozen=True)
class Section:
    key: str
    label: Any
    url_name: str
    order: int
    visible: Visible


_sections: dict[str, Section] = {}


def everybody(actor: Actor, project: Project) -> bool:
    return True


def register(key: str, label: Any, url_name: str, *, order: int, visible: Visible = everybody) -> None:
    """``label`` is a lazy text. ``visible`` is asked of who sees the project already."""
    _sections[key] = Section(key, label, url_name, order, visible)


def find(actor: Actor, code: str, key: str = "") -> Project:
    """The project that the actor sees; NotVisible (404) when there is none, 403 where its section ``key`` is not
    there for the actor."""
    found = Project.objects.visible_to(actor).for_list().with_light(clock.today()).filter(code=code).first()
    if found is None:
        raise NotVisible
    if key and not _sections[key].visible(actor, found):
        raise PermissionDenied
    return found


def tabs(actor: Actor, project: Project, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": section.label,
            "url": reverse(section.url_name, args=[project.code]),
            "current": section.key == current,
        }
        for section in sorted(_sections.values(), key=lambda one: one.order)
        if section.visible(actor, project)
    ]


def page(
    request: HttpRequest, project: Project, key: str, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """One section of the file: ``template`` extends ``projects/file.html``; ``find`` has asked for the right to it."""
    frame = {
        "project": project,
        "head": head(project),
        "tabs": tabs(request.actor, project, key),  # type: ignore[attr-defined]
        "crumbs": crumbs(project),
    }
    return render_page(request, template, {**frame, **context}, status=status)


def crumbs(project: Project, *last: str) -> list[dict[str, str]]:
    """From the list of projects to this one, and on to the form named ``last``."""
    url = reverse("projects:project", args=[project.code])
    way = [{"label": _("Projects"), "url": reverse("projects:projects")}]
    return [*way, {"label": project.name, "url": url if last else ""}, *({"label": one, "url": ""} for one in last)]


def head(project: Project) -> dict[str, Any]:
    """What stands above every section: code, stage, category, light, money, who answers."""
    return {
        "light": light_of(project),
        "due": fmt.md(project.next_due),  # type: ignore[attr-defined]  # find
        "code": project.code,
        "stage": project.get_stage_display(),
        "category": project.get_category_display() if project.category else "",
        "level": project.get_level_display(),
        "money": fmt.wan(project.total_investment),
        "manager": project.manager.user.name if project.manager else "",
    }
