"""Posts: given, ended, handed over. Authority comes from nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post, Unit, User
from accounts.querysets import PostQuerySet
from accounts.roles import ADMIN_ROLES, UNIT_ROLES, Role
from accounts.services._steps import authorise, note, take
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError


@transaction.atomic
def create_post(
    *,
    actor: Actor,
    user: User,
    role: str,
    unit: Unit | None = None,
    title: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Post:
    """Give ``user`` a post. Nobody gives themselves one. An administrator's post goes with no other: the three keep
    each other in check (the database holds that too) and none of them works on cases. 404, 403, 400."""
    person = take(User, actor, pk=user.pk)
    authorise(actor, "create_post", Post)
    if actor.user is not None and actor.user.pk == person.pk:
        raise PermissionDenied
    post = Post(
        user=person,
        role=role,
        unit=unit,
        title=title.strip(),
        starts_at=starts_at or clock.now(),
        ends_at=ends_at,
    )
    if role == Role.ENTERPRISE:
        raise ValidationError({"role": [_("Enterprises get their accounts by invitation.")]})
    return open_post(actor=actor, post=post)


def open_post(*, actor: Actor, post: Post) -> Post:
    """The post itself, for verbs that have a right of their own to give one (an enterprise's invitation)."""
    _check(post)
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        if "post_administrators_apart" not in str(error):
            raise
        raise ValidationError({"role": [apart()]}) from error
    note(actor, "create_post", post, post.pk, user=post.user.username, role=post.role, unit=_code(post.unit))
    return post


def apart() -> str:
    return _("An administrator holds no other post: the three administrators are three people who work on no cases.")


def _check(post: Post) -> None:
    post.clean_fields(exclude=["principal", "enterprise"])
    if (post.unit is None) != (post.role in OUTSIDERS):
        text = _("This post needs a unit.") if post.unit is None else _("This post belongs to no unit.")
        raise ValidationError({"unit": [text]})
    if post.unit is not None and post.unit.valid_until is not None:
        raise ValidationError({"unit": [_("This unit is closed.")]})
    if post.ends_at is not None and post.ends_at <= post.starts_at:
        raise ValidationError({"ends_at": [_("A post can't end before it begins.")]})
    others = Post.objects.filter(user=post.user).overlapping(post.starts_at, post.ends_at)
    if (post.role in ADMIN_ROLES and others.exists()) or others.filter(role__in=ADMIN_ROLES).exists():
        raise ValidationError({"role": [apart()]})
    if others.filter(role=post.role, unit=post.unit, enterprise=post.enterprise).exists():
        raise ValidationError({"role": [_("This person holds this very post already.")]})


@transaction.atomic
def end_post(*, actor: Actor, post_id: int, heir_id: int | None = None) -> Post:
    """The post ends now; with an heir its open work goes over in the same act. Without one it lies with the head of
    the unit (a leader's: with the service office) until ``hand_over``. 404, 403, 409, 400."""
    post = take(Post, actor, pk=post_id)
    authorise(actor, "end_post", post)
    now = clock.now()
    if post.ends_at is not None and post.ends_at <= now:
        raise Conflict(_("This post has ended already."), state="ended")
    if post.starts_at >= now:
        raise Conflict(_("This post has not begun yet."), state="coming")
    post.ends_at = now
    post.save(update_fields=["ends_at"])
    note(actor, "end_post", post, post.pk, user=post.user.username, role=post.role, unit=_code(post.unit))
    if heir_id is not None:
        _hand_over(actor, post, heir_id, now)
    return post


@transaction.atomic
def hand_over(*, actor: Actor, post_id: int, heir_id: int) -> Post:
    """The open work of a post that has ended goes to ``heir``. 404, 403, 409, 400."""
    post = take(Post, actor, pk=post_id)
    authorise(actor, "hand_over", post)
    now = clock.now()
    if post.ends_at is None or post.ends_at > now:
        raise Conflict(_("This post has not ended: end it first."), state="current")
    _hand_over(actor, post, heir_id, now)
    return post


def _hand_over(actor: Actor, post: Post, heir_id: int, at: datetime) -> None:
    heir = heirs_of(post, at).filter(pk=heir_id).first()
    if heir is None:
        if not Post.objects.visible_to(actor).filter(pk=heir_id).exists():
            raise NotVisible
        raise ValidationError({"heir": [_("Only somebody in the same kind of post can take this over.")]})
    hooks.hand_over(post=post, heir=heir, actor=actor, at=at)
    note(actor, "hand_over", post, post.pk, heir=heir.pk, to=heir.user.username)


def heirs_of(post: Post, at: datetime | None = None) -> PostQuerySet:
    """Who may take the work of a post over: the same role, in a unit role the same unit."""
    heirs = Post.objects.current(at).exclude(pk=post.pk).for_actor()
    if post.role in UNIT_ROLES:
        return heirs.filter(role__in=UNIT_ROLES, unit=post.unit_id)
    return heirs.filter(role=post.role, enterprise=post.enterprise_id)


def _code(unit: Unit | None) -> str:
    return unit.code if unit else ""
