"""People: the list, one person with posts, and the security administrator's forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, services
from accounts.decorators import staff_page
from accounts.forms import ChangeUserForm, CreateUserForm, ReasonForm
from accounts.models import Post, User
from accounts.policy import can
from accounts.views.secret import show_once
from common import clock, fmt
from common.errors import NotVisible
from common.forms import done, form_page
from common.pages import keyset, pager
from common.render import render_form, render_page

FORM = ["GET", "HEAD", "POST"]
PAGE = 50
ORDER = ["pinyin", "id"]


@staff_page
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Everybody whom the actor may know, by pinyin."""
    words = request.GET.get("q", "").strip()[:40]
    found = User.objects.visible_to(request.actor)
    page = keyset(found.matching(words) if words else found, ORDER, request.GET.get("cursor"), PAGE)
    posts = _posts_of(request, page.rows)
    context = {
        "rows": [_row(user, posts.get(user.pk, [])) for user in page.rows],
        "pager": pager(request, page) if page.next or page.previous else None,
        "words": words,
        "may_create": can(request.actor, "create_user", User),
    }
    return render_page(request, "accounts/users.html", context)


@staff_page
@require_safe
def user(request: HttpRequest, username: str) -> HttpResponse:
    """One person. Phone and e-mail are shown to those who may see them, and that they were shown is recorded."""
    found = find(request, username)
    actor = request.actor
    posts = Post.objects.visible_to(actor).filter(user=found).for_actor().order_by("-starts_at", "-pk")
    contact = can(actor, "view_contact", found)
    if contact and found.pk != request.user.pk and (found.phone or found.email):
        audit.record(actor, "view_contact", "user", found.username)
    context = {
        "person": found,
        "facts": _facts(found, contact),
        "posts": [_post_row(actor, post) for post in posts],
        "may": {
            action: can(actor, action, found)
            for action in ("change_user", "set_password", "lock_user", "unlock_user", "lift_lockout")
        },
        "may_post": can(actor, "create_post", Post) and found.pk != request.user.pk,
        "crumbs": crumbs(found.name),
    }
    return render_page(request, "accounts/user.html", context)


@staff_page
@require_http_methods(FORM)
def create_user(request: HttpRequest) -> HttpResponse:
    demand(request, "create_user", User)
    form = CreateUserForm(request.POST or None)
    finished, new = done(request, form, lambda data: services.create_user(actor=request.actor, **data))
    if finished:
        return _show_password(request, new.user, new.password)
    lede = _("The password is made by the system and shown once. The account can do nothing until it gets a post.")
    return render_form(request, "form.html", page(_("New account"), _("Make the account"), lede=lede), form=form)


@staff_page
@require_http_methods(FORM)
def change_user(request: HttpRequest, username: str) -> HttpResponse:
    found = find(request, username)
    demand(request, "change_user", found)
    initial = {name: getattr(found, name) for name in ("name", "phone", "email")}
    return form_page(
        request,
        ChangeUserForm(request.POST or None, initial=initial),
        verb=lambda data: services.change_user(actor=request.actor, user_id=found.pk, **data),
        to=url_of(found),
        told=_("The account is changed."),
        context=page(_("Change %(name)s") % {"name": found.name}, _("Save"), found),
    )


@staff_page
@require_http_methods(FORM)
def set_password(request: HttpRequest, username: str) -> HttpResponse:
    """Asks once more: the old password and all sessions end with it."""
    found = find(request, username)
    demand(request, "set_password", found)
    if request.method == "POST":
        return _show_password(request, found, services.set_password(actor=request.actor, user_id=found.pk))
    lede = _("The old password and all sessions of the person end with it.")
    title = _("Set a new password for %(name)s") % {"name": found.name}
    return render_form(request, "form.html", page(title, _("Set it"), found, lede), form=Form())


@staff_page
@require_http_methods(FORM)
def lock_user(request: HttpRequest, username: str) -> HttpResponse:
    found = find(request, username)
    demand(request, "lock_user", found)
    lede = _("Sessions, keys and posts stop counting at once. What lies with the person goes to the head of the unit.")
    return form_page(
        request,
        ReasonForm(request.POST or None),
        verb=lambda data: services.lock_user(actor=request.actor, user_id=found.pk, **data),
        to=url_of(found),
        told=_("The account is locked."),
        context=page(_("Lock the account of %(name)s") % {"name": found.name}, _("Lock"), found, lede),
    )


@staff_page
@require_http_methods(FORM)
def unlock_user(request: HttpRequest, username: str) -> HttpResponse:
    found = find(request, username)
    demand(request, "unlock_user", found)
    return form_page(
        request,
        ReasonForm(request.POST or None),
        verb=lambda data: services.unlock_user(actor=request.actor, user_id=found.pk, **data),
        to=url_of(found),
        told=_("The account is unlocked."),
        context=page(_("Unlock the account of %(name)s") % {"name": found.name}, _("Unlock"), found),
    )


@staff_page
@require_POST
def lift_lockout(request: HttpRequest, username: str) -> HttpResponse:
    found = find(request, username)
    services.lift_lockout(actor=request.actor, user_id=found.pk)
    flash.success(request, _("The person can try to sign in again."))
    return HttpResponseRedirect(url_of(found))


def find(request: HttpRequest, username: str) -> User:
    found = User.objects.visible_to(request.actor).filter(username=username).first()
    if found is None:
        raise NotVisible
    return found


def demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):
        raise PermissionDenied


def url_of(user: User) -> str:
    return reverse("accounts:user", args=[user.username])


def crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": _("People and posts"), "url": reverse("accounts:users")}, {"label": last, "url": ""}]


def page(title: str, submit: str, person: User | None = None, lede: str = "") -> dict[str, Any]:
    cancel = url_of(person) if person else reverse("accounts:users")
    return {"title": title, "submit": submit, "cancel": cancel, "lede": lede, "crumbs": crumbs(title)}


def _show_password(request: HttpRequest, person: User, password: str) -> HttpResponse:
    facts = [{"label": _("User name"), "text": person.username}, {"label": _("Password"), "text": password}]
    lede = _("Hand it over in person or by phone. It is shown this once; afterwards only a new one can be set.")
    return show_once(request, _("Password of %(name)s") % {"name": person.name}, lede, facts, url_of(person))


def _posts_of(request: HttpRequest, people: list[User]) -> dict[int, list[Post]]:
    posts = Post.objects.visible_to(request.actor).current().filter(user__in=people).for_actor()
    found: dict[int, list[Post]] = {}
    for post in posts:
        found.setdefault(post.user_id, []).append(post)
    return found


def _row(user: User, posts: list[Post]) -> dict[str, Any]:
    return {
        "name": user.name,
        "url": url_of(user),
        "username": user.username,
        "posts": [" · ".join(p for p in (post.unit.label if post.unit else "", _role(post)) if p) for post in posts],
        "state": "" if user.is_active else _("Locked"),
    }


def _role(post: Post) -> str:
    return post.title or str(post.get_role_display())


def _facts(user: User, contact: bool) -> list[dict[str, str]]:
    facts = [{"label": _("User name"), "text": user.username}]
    if contact:
        facts += [{"label": _("Phone"), "text": user.phone or "—"}, {"label": _("E-mail"), "text": user.email or "—"}]
    return [*facts, {"label": _("State"), "text": str(_("Active") if user.is_active else _("Locked"))}]


def _post_row(actor: Any, post: Post) -> dict[str, Any]:
    now = clock.now()
    ended = post.ends_at is not None and post.ends_at <= now
    return {
        "id": post.pk,
        "role": post.get_role_display(),
        "title": post.title,
        "unit": post.unit.name if post.unit else "",
        "unit_url": reverse("accounts:unit", args=[post.unit.code]) if post.unit else "",
        "since": fmt.full_date(post.starts_at),
        "until": fmt.full_date(post.ends_at),
        "end": not ended and post.starts_at < now and can(actor, "end_post", post),
        "hand_over": ended and can(actor, "hand_over", post),
    }
