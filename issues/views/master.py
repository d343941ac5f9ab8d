"""Master data: the categories."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import role_page
from accounts.roles import Role
from common.errors import NotVisible, ValidationError
from common.render import render_form, render_page
from issues.deskforms import CategoryForm
from issues.models import Category
from issues.services.master import save_category


@role_page(Role.SYSTEM_ADMIN)
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    rows = list(Category.objects.select_related("unit").order_by("order", "id"))
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    flat = [one for top in children.get(None, []) for one in (top, *children.get(top.pk, []))]
    return render_page(request, "issues/categories.html", {"rows": flat})


@role_page(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = Category.objects.select_related("unit").filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise NotVisible
    form = CategoryForm(request.POST if request.method == "POST" else None, category=found)
    if request.method == "POST" and form.is_valid() and _save(request, pk, form):
        flash.success(request, _("Saved."))
        return redirect("issues:categories")
    title = found.name if found else _("New category")
    context: dict[str, Any] = {
        "title": title,
        "cancel": reverse("issues:categories"),
        "crumbs": [{"label": _("Categories"), "url": reverse("issues:categories")}, {"label": title}],
    }
    return render_form(request, "issues/category.html", context, form=form)


def _save(request: HttpRequest, pk: int | None, form: CategoryForm) -> bool:
    fields = form.cleaned_data | {"parent": int(form.cleaned_data["parent"]) if form.cleaned_data["parent"] else None}
    try:
        save_category(actor=request.actor, category_id=pk, **fields)
    except ValidationError as wrong:
        for name, texts in wrong.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
        return False
    return True
