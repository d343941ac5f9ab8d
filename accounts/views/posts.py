"""Posts: given and ended; whose work goes to whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import hooks, services
from accounts.decorators import staff_page
from accounts.forms import HeirForm, PostForm, post_label
from accounts.models import Post
from accounts.roles import Role
from accounts.views.people import FORM, demand, find, page, url_of
from common import clock
from common.errors import NotVisible
from common.forms import form_page


@staff_page
@require_http_methods(FORM)
def create_post(request: HttpRequest, username: str) -> HttpResponse:
    person = find(request, username)
    demand(request, "create_post", Post)
    form = PostForm(request.POST or None, initial={"starts_on": clock.today()})
    return form_page(
        request,
        form,
        verb=lambda data: services.create_post(actor=request.actor, user=person, **form.values()),
        to=url_of(person),
        told=_("The post is given."),
        context=page(_("New post for %(name)s") % {"name": person.name}, _("Give the post"), person),
    )


@staff_page
@require_http_methods(FORM)
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    post = _find(request, pk)
    demand(request, "end_post", post)
    return _handover_page(
        request,
        post,
        form=HeirForm(post, request.POST or None),
        verb=lambda data: services.end_post(actor=request.actor, post_id=pk, heir_id=data["heir"] and data["heir"].pk),
        told=_("The post has ended."),
        title=_("End the post"),
        submit=_("End the post now"),
    )


@staff_page
@require_http_methods(FORM)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    post = _find(request, pk)
    demand(request, "hand_over", post)
    form = HeirForm(post, request.POST or None)
    form.fields["heir"].required = True
    return _handover_page(
        request,
        post,
        form=form,
        verb=lambda data: services.hand_over(actor=request.actor, post_id=pk, heir_id=data["heir"].pk),
        told=_("The work is handed over."),
        title=_("Hand over the work of an ended post"),
        submit=_("Hand over"),
    )


def _handover_page(
    request: HttpRequest, post: Post, *, form: HeirForm, verb: Any, told: str, title: str, submit: str
) -> HttpResponse:
    if post.role == Role.LEADER:
        lede = _("Until somebody takes over, the work lies with the leader's service office.")
    else:
        lede = _("Until somebody takes over, the work lies with the head of the unit.")
    facts = [{"label": _("Post"), "text": post_label(post)}]
    facts += [
        {"label": work.label, "text": str(work.count), "small": "、".join(work.names)} for work in hooks.open_work(post)
    ]
    context = {**page(title, submit, post.user, lede), "facts": facts}
    return form_page(
        request, form, verb=verb, to=url_of(post.user), told=told, context=context, template="accounts/hand_over.html"
    )


def _find(request: HttpRequest, pk: int) -> Post:
    post = Post.objects.visible_to(request.actor).for_actor().filter(pk=pk).first()
    if post is None:
        raise NotVisible
    return post
