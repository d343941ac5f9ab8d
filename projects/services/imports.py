"""The list of projects as a workbook: checked, taken over in one transaction, taken back within a day.

The verbs decide and leave the work to the worker, which ``carry_on`` is. The list is written by set statements, as the
ledger of issues is; nothing else writes so.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import audit, conflicts
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import User
from accounts.services._steps import authorise, lock_for_transaction, take
from common import bell, clock
from common.errors import Conflict, PermissionDenied, ValidationError
from documents import storage
from documents.filetypes import TYPES
from documents.services.attach import Prepared, prepare
from projects import policy
from projects.imports import run, undo
from projects.imports.progress import Tell, told
from projects.imports.rows import BadFileError, read
from projects.models import ProjectImport
from projects.services._steps import note
from projects.states import ImportState

log = logging.getLogger(__name__)
AREA = "imports"
WORK = "projects.tasks.imports"
UNDO_WITHIN = timedelta(days=1)
# Advisory locks: one list is written at a time; one worker works on one list.
WRITING, WORKING = 7201, 7202
WAITING = (ImportState.CHECKING, ImportState.APPLYING)


def stored(file: File) -> Prepared:
    """The workbook, inspected and on the disk. ValidationError for ``file``."""
    prepared = prepare(file)
    if prepared.mime != TYPES["xlsx"]:
        storage.remove(prepared.path)
        raise ValidationError({"file": [_("Send an Excel workbook (.xlsx).")]})
    path = storage.new_path(AREA, ".xlsx")
    storage.rename(prepared.path, path)
    return Prepared(prepared.name, path, prepared.size, prepared.sha256, prepared.mime)


@transaction.atomic
def check_import(*, actor: Actor, file: File, by_worker: bool = True) -> ProjectImport:
    """Take a workbook in to be compared with what is here; nothing else is written. 403, 400."""
    authorise(actor, "check_import", ProjectImport)
    prepared = stored(file)
    row = ProjectImport.objects.create(
        name=prepared.name,
        digest=prepared.sha256,
        path=prepared.path,
        by=actor.user,
        uploaded_at=clock.now(),
    )
    note(actor, "check_import", row, row.pk, name=row.name, sha256=row.digest)
    if by_worker:
        bell.ring(WORK)
    return row


@transaction.atomic
def apply_import(*, actor: Actor, import_id: int, by_worker: bool = True) -> ProjectImport:
    """What the check showed is to be written, all or nothing. 404, 403, 409 when there is nothing checked to write."""
    row = take(ProjectImport, actor, pk=import_id)
    authorise(actor, "apply_import", row)
    if row.state != ImportState.CHECKED:
        raise Conflict(_("Only a list that was checked without mistakes can be taken over."), state=row.state)
    if not row.changes:
        raise Conflict(_("The list changes nothing."), state=row.state)
    row.state, row.done = ImportState.APPLYING, 0
    row.save(update_fields=["state", "done"])
    note(actor, "apply_import", row, row.pk, **run.counts(row))
    if by_worker:
        bell.ring(WORK)
    return row


@transaction.atomic
def undo_import(*, actor: Actor, import_id: int) -> ProjectImport:
    """Within a day: what was made is gone, what was changed is as before. 404, 403, 409 when it is not applied, older,
    or when somebody worked on one of the rows since (``facts["by"]`` tells who and what)."""
    row = take(ProjectImport, actor, pk=import_id)
    authorise(actor, "undo_import", row)
    if row.state != ImportState.APPLIED or row.applied_at is None:
        raise Conflict(_("This list was not taken over."), state=row.state)
    if clock.now() - row.applied_at > UNDO_WITHIN:
        raise Conflict(_("More than a day has passed: it can no longer be undone."), state=row.state)
    lock_for_transaction(WRITING)
    list(undo.touched(row))
    if undo.changed_projects(row).filter(unit__in=conflicts.units(actor)).exists():
        raise Conflict(_("It changed projects of your own unit: somebody else takes it back."), state=row.state)
    if found := undo.in_the_way(row):
        raise Conflict(_("It cannot be undone, for rows were changed since."), state=row.state, by=found)
    undo.take_back(row)
    row.state, row.undone_at, row.before = ImportState.UNDONE, clock.now(), {}
    row.save(update_fields=["state", "undone_at", "before"])
    note(actor, "undo_import", row, row.pk, **run.counts(row))
    return row


def carry_on_all() -> None:
    """What waits to be checked or written, one after the other. For the worker; two of them do no harm."""
    for key in ProjectImport.objects.filter(state__in=WAITING).order_by("pk").values_list("pk", flat=True):
        carry_on(import_id=key)


def carry_on(*, import_id: int) -> None:
    """Check or write one list. Whatever goes wrong leaves no row of it, only the list as broken off and why."""
    try:
        with told(import_id) as tell, transaction.atomic():
            if not _mine(import_id):
                return
            row = ProjectImport.objects.filter(pk=import_id, state__in=WAITING).first()
            if row is not None:
                (_check if row.state == ImportState.CHECKING else _apply)(row, tell)
    except (Conflict, BadFileError, PermissionDenied) as error:
        _break_off(import_id, _said(error))
    except Exception:
        log.exception("list of projects %s broke off", import_id)
        _break_off(import_id, _("The work broke off; nothing was written. Try it again."))


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return error.message if isinstance(error, Conflict) else _("You may no longer do this.")


def _mine(import_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [WORKING, import_id])
        return bool(cursor.fetchone()[0])


def _check(row: ProjectImport, tell: Tell) -> None:
    outcome = run.look(read(row.path), tell, own_units=conflicts.units(_sender(row)))
    row.state = ImportState.REFUSED if outcome.refused else ImportState.CHECKED
    row.rows = row.done = outcome.rows
    row.problems = [list(problem) for problem in outcome.problems]
    row.changes = outcome.changes
    row.save(update_fields=["state", "rows", "done", "problems", "changes"])


def _apply(row: ProjectImport, tell: Tell) -> None:
    """Only what was shown is written: when anything differs from the check by now, it is to be checked again."""
    actor = _sender(row)
    authorise(actor, "apply_import", row)
    lock_for_transaction(WRITING)
    sheet = read(row.path)
    found = run.look(sheet, lock=True, own_units=conflicts.units(actor))
    if found.refused or found.changes != row.changes:
        raise Conflict(_("The data changed since the check. Check the list again."), state=row.state)
    entries = [
        (change.project.code, {"import": row.pk, "changes": change.shown})
        for change in run.carry_out(sheet, found.known, row, tell)
    ]
    post = policy.post_for(actor, "apply_import", ProjectImport)
    audit.record_many(actor, "import_project", "project", entries, post=post)
    row.state, row.applied_at, row.rows, row.done = ImportState.APPLIED, clock.now(), found.rows, found.rows
    row.save(update_fields=["state", "applied_at", "rows", "done", "before"])


def _sender(row: ProjectImport) -> Actor:
    return actor_for(User.objects.get(pk=row.by_id)) if row.by_id else SYSTEM


@transaction.atomic
def _break_off(import_id: int, why: str) -> None:
    rows = ProjectImport.objects.filter(pk=import_id, state__in=WAITING)
    rows.update(state=ImportState.FAILED, problems=[[0, "", "", "", why, "error"]])
