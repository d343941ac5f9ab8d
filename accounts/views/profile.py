"""One's own account: contact, language, posts to act in, keys for other programs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.forms import OwnContactForm, TokenForm
from accounts.middleware import POST_KEY
from accounts.models import ApiToken, Post
from accounts.views.secret import show_once
from common import fmt
from common.errors import NotVisible
from common.forms import done, form_page
from common.http import safe_target
from common.render import render_form, render_page

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    tokens = ApiToken.objects.visible_to(actor).filter(user=request.user).usable()
    context = {
        "facts": [
            {"label": _("User name"), "text": request.user.username},
            {"label": _("Phone"), "text": request.user.phone or "—"},
            {"label": _("E-mail"), "text": request.user.email or "—"},
        ],
        "posts": [_post_row(post, actor.posts) for post in actor.posts_held],
        "chosen": len(actor.posts) < len(actor.posts_held),
        "tokens": [_token_row(token) for token in tokens],
    }
    return render_page(request, "accounts/profile.html", context)


@login_required
@require_http_methods(FORM)
def change_profile(request: HttpRequest) -> HttpResponse:
    initial = {"phone": request.user.phone, "email": request.user.email}
    return form_page(
        request,
        OwnContactForm(request.POST or None, initial=initial),
        verb=lambda data: services.change_profile(actor=request.actor, **data),
        to=reverse("accounts:profile"),
        told=_("Your contact is changed."),
        context=_page(
            _("My contact"),
            _("Save"),
            _("Colleagues of your unit see it. Your name is changed by the security administrator."),
        ),
    )


@login_required
@require_http_methods(FORM)
def create_token(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    finished, new = done(request, form, lambda data: services.create_token(actor=request.actor, **data))
    if finished:
        facts = [{"label": _("Key"), "text": new.key}, {"label": _("Access"), "text": new.token.get_scope_display()}]
        lede = _("Copy it now: it is shown this once and not stored. Whoever has it acts as you.")
        return show_once(request, _("Your new key"), lede, facts, reverse("accounts:profile"))
    lede = _("With a key another program acts as you, in all your posts.")
    return render_form(
        request, "form.html", _page(_("New key for another program"), _("Make the key"), lede), form=form
    )


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    services.revoke_token(actor=request.actor, token_id=pk)
    flash.success(request, _("The key is revoked."))
    return HttpResponseRedirect(reverse("accounts:profile"))


@login_required
@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act in one post from now on; without ``post`` in all of them. Then back to where the person was at home."""
    chosen = request.POST.get("post", "")
    if chosen:
        post = _own_post(request, chosen)
        request.session[POST_KEY] = post.pk
        flash.success(request, _("You now act as %(post)s.") % {"post": _label(post)})
    else:
        request.session.pop(POST_KEY, None)
        flash.success(request, _("You now act in all your posts."))
    return HttpResponseRedirect(safe_target(request, request.POST.get("next", ""), reverse("accounts:profile")))


def _own_post(request: HttpRequest, chosen: str) -> Post:
    for post in request.actor.posts_held:
        if str(post.pk) == chosen:
            return post
    raise NotVisible


def _label(post: Post) -> str:
    return " · ".join(
        part for part in (post.unit.label if post.unit else "", post.title or str(post.get_role_display())) if part
    )


def _post_row(post: Post, acting: tuple[Post, ...]) -> dict[str, Any]:
    return {
        "id": post.pk,
        "label": _label(post),
        "role": post.get_role_display(),
        "since": fmt.full_date(post.starts_at),
        "acting": post in acting,
    }


def _token_row(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name or _("Without a name"),
        "hint": f"…{token.hint}",
        "scope": token.get_scope_display(),
        "made": fmt.md_hm(token.created_at),
        "used": fmt.md_hm(token.last_used_at) or _("Never"),
    }


def _page(title: str, submit: str, lede: str = "") -> dict[str, Any]:
    here = reverse("accounts:profile")
    crumbs = [{"label": _("My account"), "url": here}, {"label": title, "url": ""}]
    return {"title": title, "submit": submit, "cancel": here, "lede": lede, "crumbs": crumbs}
