"""What other programs send, turned into what the verbs take: units by code, people by user name, enterprises by credit
code. What the caller may not see is as if it were not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError

from accounts.actors import Actor
from accounts.api.base import refuse_unknown
from accounts.models import Post, Unit
from common.forms import within_reach
from projects.models import Chain, Enterprise, Project

Find = Callable[[Actor, str], Any]


class Day(s.DateField):
    """A day that a case can lie at, as the forms take it: pages add days to it."""

    default_validators = [within_reach]


def unit(actor: Actor, code: str) -> Unit | None:
    return Unit.objects.visible_to(actor).living().filter(code=code).first()


def post(*roles: str) -> Find:
    """The current post of that person in one of ``roles``; the first where there are several."""

    def find(actor: Actor, username: str) -> Post | None:
        rows = Post.objects.current().filter(user__username=username, role__in=roles)
        return rows.for_actor().order_by("pk").first()

    return find


def enterprise(actor: Actor, code: str) -> Enterprise | None:
    return Enterprise.objects.visible_to(actor).living().filter(uscc=code.upper()).first()


def project(actor: Actor, code: str) -> Project | None:
    return Project.objects.visible_to(actor).filter(code=code).first()


def chain(actor: Actor, name: str) -> Chain | None:
    return Chain.objects.visible_to(actor).filter(name=name).first()


def values(
    shape: type[s.Serializer], data: dict[str, Any], actor: Actor, found_by: Mapping[str, Find], *, partial: bool
) -> dict[str, Any]:
    """The checked values; a name in ``found_by`` is looked up, null clears it, an unknown one is a mistake of its
    field. 400."""
    refuse_unknown(data, set(shape().fields))
    sent = shape(data=data, partial=partial)
    sent.is_valid(raise_exception=True)
    taken = dict(sent.validated_data)
    wrong = {}
    for name, find in found_by.items():
        word = taken.get(name)
        if isinstance(word, list):
            taken[name] = [find(actor, one) for one in word]
            missing = None in taken[name]
        elif word:
            taken[name] = find(actor, word)
            missing = taken[name] is None
        else:
            missing = False
        if missing:
            wrong[name] = [_("There is none of this name or code.")]
    if wrong:
        raise ValidationError(wrong)
    return taken
