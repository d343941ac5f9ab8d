"""Who manages a project and who stands behind: the section, the forms, and duties that move."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import post_label
from common import clock
from common.errors import NotVisible
from common.forms import form_page
from common.render import render_form
from projects import handover, sections, services, teampage
from projects.models import Enterprise, Project, ProjectManager, TeamMember
from projects.projectforms import EndForm, ManagerForm, MemberForm, MoveForm, MoveFromForm
from projects.views._act import FORM, act_page, demand, find_for, project_page


@project_page
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    found = sections.find(request.actor, code)
    return sections.page(request, found, "team", "projects/project_team.html", teampage.context(request.actor, found))


@project_page
@require_http_methods(FORM)
def name_manager(request: HttpRequest, code: str) -> HttpResponse:
    found = find_for(request, code, "name_manager")
    return act_page(
        request,
        found,
        ManagerForm(request.POST or None, initial={"version": found.version, "on": clock.today()}),
        verb=lambda data: services.name_manager(actor=request.actor, code=code, **data),
        title=_("Name a project manager"),
        submit=_("Appoint"),
        told=_("The project manager is named."),
        back=_team(code),
    )


@project_page
@require_http_methods(FORM)
def end_manager(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = find_for(request, code, "end_manager")
    row = _row(ProjectManager, found, pk)
    return act_page(
        request,
        found,
        EndForm(request.POST or None, initial={"version": found.version, "on": clock.today()}),
        verb=lambda data: services.end_manager(actor=request.actor, code=code, manager_id=pk, **data),
        title=_("%(name)s manages the project no longer") % {"name": row.post.user.name},
        submit=_("End it"),
        told=_("It is ended and stays in the history."),
        back=_team(code),
    )


@project_page
@require_http_methods(FORM)
def name_member(request: HttpRequest, code: str) -> HttpResponse:
    found = find_for(request, code, "name_member")
    return act_page(
        request,
        found,
        MemberForm(request.POST or None, initial={"version": found.version, "on": clock.today()}),
        verb=lambda data: services.name_member(actor=request.actor, code=code, **data),
        title=_("Name a member of the service team"),
        submit=_("Add to the team"),
        told=_("The member is named."),
        back=_team(code),
    )


@project_page
@require_http_methods(FORM)
def end_member(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = find_for(request, code, "end_member")
    row = _row(TeamMember, found, pk)
    return act_page(
        request,
        found,
        EndForm(request.POST or None, initial={"version": found.version, "on": clock.today()}),
        verb=lambda data: services.end_member(actor=request.actor, code=code, member_id=pk, **data),
        title=_("%(name)s serves the project no longer") % {"name": row.post.user.name},
        submit=_("End it"),
        told=_("It is ended and stays in the history."),
        back=_team(code),
    )


@project_page
@require_http_methods(FORM)
def move_projects(request: HttpRequest) -> HttpResponse:
    """First whose duties move (``?post=``), then what goes to whom; nothing moves before it is confirmed."""
    demand(request, "move_projects", Project)
    here = reverse("projects:move_projects")
    title = _("Duties move")
    crumbs = [{"label": _("Projects"), "url": reverse("projects:projects")}, {"label": title, "url": ""}]
    context = {"title": title, "cancel": reverse("projects:projects"), "crumbs": crumbs}
    chosen = MoveFromForm(request.GET or None)
    if not chosen.is_valid():
        lede = _("Both leaders stay in office; what you choose goes from one to the other.")
        return render_form(
            request, "projects/project_move.html", {**context, "lede": lede, "submit": _("Next")}, form=chosen
        )
    post = chosen.cleaned_data["post"]
    form = MoveForm(request.POST or None, post=post, what=_what(post))
    return form_page(
        request,
        form,
        verb=lambda data: services.move_projects(actor=request.actor, post=post, **data),
        to=here,
        told=_("The duties have moved."),
        context={**context, "submit": _("Move what is chosen"), "lede": post_label(post)},
    )


def _what(post: Any) -> dict[str, list[tuple[Any, str]]]:
    firms = Enterprise.objects.living().filter(liaison_leader=post)
    return {
        "codes": [(one.code, f"{one.code} {one.name}") for one in handover.projects_of(post).living()],
        "line_ids": [(one.pk, str(one)) for one in handover.lines(post)],
        "enterprise_ids": [(one.pk, one.name) for one in firms],
    }


def _team(code: str) -> str:
    return reverse("projects:team", args=[code])


def _row(model: Any, project: Project, pk: int) -> Any:
    found = model.objects.filter(project=project, pk=pk).select_related("post__user").first()
    if found is None:
        raise NotVisible
    return found
