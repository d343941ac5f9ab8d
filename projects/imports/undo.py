"""Take an import back: rows that were made go, changed ones are as before; or who stands in the way with what."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Post, Principal
from common import fmt
from projects.imports.load import ROWS, plain
from projects.models import Enterprise, MonthFigure, Project, ProjectImport, YearPlan

# In this order: what hangs on another row goes first.
MADE = ("planrevision", "planitem", "yearplan", "project", "enterprise")
MOST_TOLD = 20


def in_the_way(row: ProjectImport) -> list[str]:
    """Sentences on what changed since, at most twenty; none when it can be undone."""
    told = [*_changed_since(row), *_hung_on(row), *_planned_since(row)]
    return list(dict.fromkeys(told))[:MOST_TOLD]


def _changed_since(row: ProjectImport) -> Iterator[str]:
    """Rows that no longer hold what the import left in them."""
    for name, known in _left(row):
        model = apps.get_model("projects", name)
        here = {str(one.pk): one for one in model._default_manager.filter(pk__in=list(known)).iterator(ROWS)}
        for key, fields in known.items():
            found = here.get(key)
            if found is None:
                yield _("a row that it wrote is gone: %(what)s") % {"what": model._meta.verbose_name}
            elif any(plain(getattr(found, one)) != after for one, after in fields.items()):
                yield _who(_project_of(found), row)


def _planned_since(row: ProjectImport) -> Iterator[str]:
    """A year that would be less than its months are planned with by now."""
    for key, fields in row.before.get("changed", {}).get("yearplan", {}).items():
        plan = YearPlan.objects.filter(pk=key).select_related("project").first()
        if plan is None or fields["amount"][0] is None:
            continue
        months = MonthFigure.objects.filter(project=plan.project, month__year=plan.year)
        if (months.aggregate(sum=Sum("plan"))["sum"] or 0) > Decimal(fields["amount"][0]):
            yield _who(plan.project, row)


def changed_projects(row: ProjectImport) -> QuerySet[Project]:
    return Project.objects.filter(pk__in=list(map(int, row.before.get("changed", {}).get("project", {}))))


def _left(row: ProjectImport) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    for name, known in row.before.get("changed", {}).items():
        yield name, {key: {one: pair[1] for one, pair in fields.items()} for key, fields in known.items()}
    yield from row.before.get("made_as", {}).items()


def _hung_on(row: ProjectImport) -> Iterator[str]:
    """Whatever else names a row that was made: it would go with it, or stand in the way."""
    made = row.before.get("made", {})
    for name in ("enterprise", "project", "planitem"):
        model = apps.get_model("projects", name)
        keys = made.get(name, [])
        if name == "project":
            yield from _versions(keys, row)
        elif name == "enterprise":
            yield from _enterprises(keys, row)
        for relation in model._meta.get_fields():
            if keys and relation.auto_created and not relation.concrete:
                yield from _by(relation, keys, row)


def _versions(keys: list[int], row: ProjectImport) -> Iterator[str]:
    for project in Project.objects.filter(pk__in=keys).exclude(version=1):
        yield _who(project, row)
    for project in Project.objects.filter(pk__in=keys, manager__isnull=False):
        yield _who(project, row)


def _enterprises(keys: list[int], row: ProjectImport) -> Iterator[str]:
    """Changed, merged, or with an account: an account hangs on the number and not on the row."""
    refs = [str(key) for key in keys]
    acts = AuditEntry.objects.filter(object_kind="enterprise", object_ref__in=refs, at__gte=row.applied_at)
    changed = {int(entry.object_ref) for entry in acts.exclude(act="view_contact")}
    changed.update(Post.objects.filter(enterprise__in=keys).values_list("enterprise", flat=True))
    for found in Enterprise.objects.filter(pk__in=changed):
        yield _("%(name)s: changed since") % {"name": found.name}


def _by(relation: Any, keys: list[int], row: ProjectImport) -> Iterator[str]:
    """Rows of one relation, but for those that came with the import and those that it will set back."""
    other = relation.related_model
    name = str(other._meta.model_name)
    own = [*row.before["made"].get(name, []), *map(int, row.before["changed"].get(name, {}))]
    if relation.many_to_many:
        through = relation.through._default_manager.all()
        column = relation.field.m2m_reverse_field_name()
        found = through.filter(**{f"{column}__in": keys})
        for key in found.values_list(column, flat=True)[:MOST_TOLD]:
            yield _names(relation.model, key, other, row)
        return
    found = other._base_manager.filter(**{f"{relation.field.name}__in": keys}).exclude(pk__in=own)
    for key in found.values_list(f"{relation.field.name}_id", flat=True)[:MOST_TOLD]:
        yield _names(relation.model, key, other, row)


def _names(model: type[Model], key: int, other: type[Model], row: ProjectImport) -> str:
    found = model._base_manager.get(pk=key)
    project = _project_of(found)
    said = _who(project, row) if isinstance(project, Project) else str(found)
    return f"{said} ({other._meta.verbose_name})"


def _project_of(found: Model) -> Model:
    return getattr(found, "project", found)


def _who(found: Model, row: ProjectImport) -> str:
    """P-12 name: changed by whom and when, as far as the trail knows."""
    if not isinstance(found, Project):
        return str(found)
    name = f"{found.code} {found.name}"
    acts = AuditEntry.objects.filter(object_kind="project", object_ref=found.code, at__gte=row.applied_at)
    last = acts.exclude(act="import_project").select_related("user").order_by("-at").first()
    if last is None or last.user is None:
        return _("%(name)s: changed since") % {"name": name}
    return _("%(name)s: changed by %(who)s, %(at)s") % {
        "name": name, "who": last.user.name, "at": fmt.cn_datetime(last.at),
    }  # fmt: skip


def take_back(row: ProjectImport) -> None:
    """The caller has asked ``in_the_way`` and holds the rows."""
    for name, known in row.before.get("changed", {}).items():
        _restore(apps.get_model("projects", name), known)
    made = row.before.get("made", {})
    for name in MADE:
        keys = made.get(name, [])
        if keys:
            apps.get_model("projects", name)._base_manager.filter(pk__in=keys).delete()
    Principal.objects.filter(pk__in=made.get("enterprise", [])).delete()


def _restore(model: type[Model], known: dict[str, dict[str, list[Any]]]) -> None:
    names: set[str] = set()
    rows = []
    for found in model._base_manager.filter(pk__in=list(known)):
        for name, (before, _after) in known[str(found.pk)].items():
            if name == "version":  # goes on, never back: a form that was open meanwhile must not fit again
                found.version += 1
                names.add(name)
                continue
            field = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
            setattr(found, field.attname, field.to_python(before) if not field.is_relation else before)
            names.add(field.name)
        rows.append(found)
    if rows:
        model._base_manager.bulk_update(rows, sorted(names), batch_size=ROWS)


def touched(row: ProjectImport) -> Any:
    """The projects that the import made or changed, locked in the order of their keys."""
    keys = [*row.before.get("made", {}).get("project", []), *map(int, row.before.get("changed", {}).get("project", {}))]
    return Project.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
