"""Files whose row was never written, and counters of windows long past: removed at night."""

from __future__ import annotations

from datetime import datetime, timedelta

from common import ratelimit
from documents import storage
from documents.models import Attachment, Document
from documents.source import SUFFIX

GRACE = timedelta(days=1)  # longer than any transaction


def clean(*, at: datetime) -> int:
    """Remove files older than a day without a row (rolled back, or the upload broke off). How many. ``at`` is real
    time, as the files' own times are."""
    removed = _sweep(storage.ATTACHMENTS, Attachment, at) + _sweep(storage.DOCUMENTS, Document, at)
    ratelimit.forget(at - GRACE)
    return removed


def _sweep(area: str, model: type[Attachment | Document], at: datetime) -> int:
    """Folder by folder: there are at most 256, so one asks the database for a bounded number of names."""
    removed = 0
    before = (at - GRACE).timestamp()
    for files in storage.files(area):
        old = [f"{area}/{file.parent.name}/{file.name}" for file in files if file.stat().st_mtime < before]
        rows = model.objects.filter(path__in={_of_row(path) for path in old}).values_list("path", flat=True)
        kept = set(rows)
        for path in old:
            if _of_row(path) not in kept:
                storage.remove(path)
                removed += 1
    return removed


def _of_row(path: str) -> str:
    """The path that the row names: a paper's source lies beside its PDF."""
    return path.removesuffix(SUFFIX) + ".pdf" if path.endswith(SUFFIX) else path
