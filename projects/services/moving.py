"""Duties move from one leader to another while both stay in office: what is chosen goes over, in one act."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Post
from accounts.services._steps import authorise
from common.errors import NotVisible, ValidationError, require
from projects import handover
from projects.models import Enterprise, Project
from projects.services._steps import note
from projects.services.managers import LEADING


@transaction.atomic
def move_projects(
    *,
    actor: Actor,
    post: Post,
    heir: Post,
    reason: str,
    codes: Sequence[str] = (),
    line_ids: Sequence[int] = (),
    enterprise_ids: Sequence[int] = (),
) -> int:
    """Projects that ``post`` manages, its lines and its liaison enterprises, as chosen, go to ``heir``; how many. What
    is not (any more) the leader's is refused, and then nothing moves. 403, 404, 400."""
    authorise(actor, "move_projects", Project)
    require(reason=(reason.strip(), _("Say why.")))
    if post.pk == heir.pk or heir.role not in LEADING or not Post.objects.current().filter(pk=heir.pk).exists():
        raise ValidationError({"heir": [_("Choose another leader who is in office.")]})
    if not (codes or line_ids or enterprise_ids):
        raise ValidationError(_("Choose what is to move."))
    mine = handover.projects_of(post).filter(code__in=codes).order_by("pk").select_for_update(of=("self",))
    projects = list(mine)
    lines = handover.lines(post).filter(pk__in=line_ids)
    firms = Enterprise.objects.filter(liaison_leader=post, pk__in=enterprise_ids)
    if (len(projects), lines.count(), firms.count()) != (len(set(codes)), len(set(line_ids)), len(set(enterprise_ids))):
        raise NotVisible
    moved = len(projects) + lines.update(leader=heir) + firms.update(liaison_leader=heir)
    handover.replace_managers(handover.managed(post).filter(project__in=projects), post, heir, actor, reason.strip())
    Project.objects.filter(pk__in=[project.pk for project in projects], manager=post).update(manager=heir)
    for project in projects:
        note(actor, "move_projects", project, project.code, to=heir.pk, reason=reason.strip())
    for kind, keys in (("line", line_ids), ("enterprise", enterprise_ids)):
        for key in keys:
            audit.record(actor, "move_projects", kind, key, to=heir.pk, reason=reason.strip())
    return moved
