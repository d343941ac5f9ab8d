"""Projects in their simplest form; stages, plans and money come with the projects themselves."""

from __future__ import annotations

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.services._steps import authorise
from common import clock
from projects.models import Enterprise, Project
from projects.services._steps import note


@transaction.atomic
def create_project(
    *,
    actor: Actor,
    code: str,
    name: str,
    enterprise: Enterprise | None = None,
    unit: Unit | None = None,
    manager: Post | None = None,
) -> Project:
    """403, 400."""
    authorise(actor, "create_project", Project)
    project = Project(
        code=code.strip(), name=name.strip(), enterprise=enterprise, unit=unit, manager=manager, created_at=clock.now()
    )
    project.full_clean()
    project.save()
    note(actor, "create_project", project, project.code, name=project.name)
    return project
