"""From stage to stage through the gates; overridden for good; ended, then struck off. Nobody moves a project back."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock
from common.errors import Conflict, ValidationError, require
from deadlines.services import clocks
from documents.models import Attachment
from documents.services.attach import Prepared, attach, prepare
from projects import gates, policy
from projects.models import Project, StageChange
from projects.services._steps import bump, entered, note, take_project
from projects.states import NEXT, SUBJECT, Stage


@transaction.atomic
def advance(*, actor: Actor, code: str, version: int | None = None) -> Project:
    """On to the next stage. 404, 409 (changed meanwhile), 403, 409 (ended; at the last stage; ``gate`` with what is
    missing)."""
    project = take_project(actor, "advance", code, version)
    to = _next(project)
    if lacking := gates.missing_of(project, to):
        raise Conflict(
            _("Something is missing for the next stage."),
            code="gate",
            state=project.stage,
            version=project.version,
            missing=[{"key": one.key, "label": str(one.label), "url": one.url(project)} for one in lacking],
        )
    return _step(actor, "advance", project, to)


@transaction.atomic
def override_gate(*, actor: Actor, code: str, reason: str, version: int | None = None) -> Project:
    """On to the next stage although something is missing: what, why and by whom stays visible for good. 404, 409, 403,
    409 when nothing is missing, 400."""
    project = take_project(actor, "override_gate", code, version)
    to = _next(project)
    lacking = [one.key for one in gates.missing_of(project, to)]
    if not lacking:
        raise Conflict(_("Nothing is missing: go on in the usual way."), code="gate_open", version=project.version)
    require(reason=(reason.strip(), _("Say why.")))
    return _step(actor, "override_gate", project, to, lacking, reason.strip())


@transaction.atomic
def terminate(*, actor: Actor, code: str, reason: str, version: int | None = None) -> Project:
    """解约, from any stage. Its deadlines stop. 404, 409, 403, 400."""
    project = take_project(actor, "terminate", code, version)
    require(reason=(reason.strip(), _("Say why.")))
    project.ended_reason = reason.strip()
    clocks.stop(subject_kind=SUBJECT, subject_id=project.pk, reason="terminated", at=clock.now())
    return _step(actor, "terminate", project, Stage.TERMINATED, reason=project.ended_reason)


@transaction.atomic
def strike_off(*, actor: Actor, code: str, reason: str, version: int | None = None) -> Project:
    """销号 of a terminated project. 404, 409, 403, 400."""
    project = take_project(actor, "strike_off", code, version, over=True)
    if project.stage != Stage.TERMINATED:
        raise Conflict(_("Only a terminated project is struck off."), code="state", state=project.stage)
    require(reason=(reason.strip(), _("Say why.")))
    return _step(actor, "strike_off", project, Stage.STRUCK_OFF, reason=reason.strip())


def add_project_file(*, actor: Actor, code: str, file: File | Prepared, kind: str, public: bool = False) -> Attachment:
    """A file of the project: the signed agreement or another. 404, 403, 400."""
    prepared = file if isinstance(file, Prepared) else prepare(file)  # before the row is locked
    with transaction.atomic():
        project = take_project(actor, "add_project_file", code, over=True)
        if kind not in (gates.AGREEMENT, gates.FILE):
            raise ValidationError({"kind": [_("Choose one of the list.")]})
        post = policy.post_for(actor, "add_project_file", Project)
        made = attach(
            actor=actor,
            subject_kind=kind,
            subject_id=project.pk,
            file=prepared,
            by=Attachment.By.STAFF,
            public=public,
            unit_id=post.unit_id if post else None,
            at=clock.now(),
        )
        note(actor, "add_project_file", project, project.code, file=made.name)
        return made


def may_read_file(actor: Actor, project_id: int, attachment: Attachment) -> bool:
    """Staff who read the project's file as a whole; the enterprise what is meant for it."""
    found = Project.objects.visible_to(actor).filter(pk=project_id).first()
    seen = found is not None and policy.reads_whole(actor, found)
    return seen and (attachment.public or actor.has(*policy.MEETING_ENTERPRISES))


def _next(project: Project) -> str:
    to = NEXT.get(Stage(project.stage))
    if to is None:
        raise Conflict(_("This is the last stage."), code="state", state=project.stage, version=project.version)
    return to


def _step(
    actor: Actor, action: str, project: Project, to: str, missing: Sequence[str] = (), reason: str = ""
) -> Project:
    came_from, project.stage, project.stage_since = project.stage, to, clock.today()
    post = policy.post_for(actor, action, Project)
    change = StageChange(
        project=project,
        from_stage=came_from,
        to_stage=to,
        on=clock.today(),
        at=clock.now(),
        by=actor.user,
        post=post,
        missing=list(missing),
        reason=reason,
    )
    entered(change)
    bump(project, "stage", "stage_since", "ended_reason")
    told = {"missing": list(missing), "reason": reason} if reason else {}
    note(actor, action, project, project.code, changes={"stage": [came_from, to]}, **told)
    return project
