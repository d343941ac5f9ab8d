"""Files that come with an action or by themselves: attached and acted in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import clock
from common.errors import NotVisible, PermissionDenied
from documents.models import Attachment
from documents.services.attach import Prepared, attach, prepare
from issues import policy
from issues.models import Issue
from issues.services.intake import submit
from issues.services.step import wrong_state
from issues.states import FINAL


def with_files(
    verb: Callable[..., Issue],
    *,
    issue_id: int,
    actor: Actor,
    action: str,
    files: Iterable[File | Prepared],
    files_public: bool = False,
    **fields: Any,
) -> Issue:
    """Check the files before the case is locked, then attach them and call the verb: both or neither."""
    prepared = checked(files)
    with transaction.atomic():
        issue = Issue.objects.visible_to(actor).filter(pk=issue_id).first()
        if issue is None:
            raise NotVisible
        right = policy.right(actor, action, issue)
        if prepared and right is not None:
            _attach(actor, issue, right, prepared, public=files_public)
        return verb(issue_id=issue_id, actor=actor, **fields)


def submit_with_files(*, actor: Actor, files: Iterable[File | Prepared], **fields: Any) -> Issue:
    """提交 with the files that came along: all or nothing. The submitter may read them, whoever typed the issue in."""
    prepared = checked(files)
    with transaction.atomic():
        issue = submit(actor=actor, **fields)
        right = policy.Right("filer" if issue.on_behalf else "submitter", issue.filed_by)
        _attach(actor, issue, right, prepared, public=True)
        return issue


def checked(files: Iterable[File | Prepared]) -> list[Prepared]:
    """Takes up to a second a file: before the transaction that locks the case."""
    return [one if isinstance(one, Prepared) else prepare(one) for one in files]


@transaction.atomic
def add_file(*, issue_id: int, actor: Actor, file: File | Prepared, public: bool = False) -> Attachment:
    """One more file of a case that is not closed yet. It changes no state and meets no clock."""
    issue = Issue.objects.visible_to(actor).filter(pk=issue_id).first()
    if issue is None:
        raise NotVisible
    right = policy.attaching(actor, issue)
    if right is None:
        raise PermissionDenied(_("Your post may not do this here."))
    if issue.state in FINAL:
        raise wrong_state(issue)
    return _attach(actor, issue, right, checked([file]), public=public)[0]


def may_add_file(actor: Actor, issue: Issue) -> bool:
    return policy.may_attach(actor, issue) is not None


def _attach(
    actor: Actor, issue: Issue, right: policy.Right, prepared: list[Prepared], *, public: bool
) -> list[Attachment]:
    submitter = right.party == "submitter"
    return [
        attach(
            actor=actor,
            subject_kind="issue",
            subject_id=issue.pk,
            file=one,
            by=Attachment.By.SUBMITTER if submitter else Attachment.By.STAFF,
            public=submitter or public,
            unit_id=right.post.unit_id if right.post else None,
            at=clock.now(),
        )
        for one in prepared
    ]
