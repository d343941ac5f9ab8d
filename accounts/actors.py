"""Who acts: a person in one or several posts, the system, or a submitter who showed a tracking code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import Post, User


@dataclass(frozen=True)
class Actor:
    """``posts`` are the posts acted in: the chosen one, else all that are current.

    ``submitter_of`` is the key of the one issue whose tracking or rating code was shown.
    """

    user: User | None = None
    posts: tuple[Post, ...] = ()
    submitter_of: int | None = None
    system: bool = False
    address: str | None = None
    request_id: str = ""
    _cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        """Units in which a post is held, of whatever role (for the rule that nobody judges the own unit)."""
        return frozenset(post.unit_id for post in self.posts_held if post.unit_id)

    @cached_property
    def posts_held(self) -> tuple[Post, ...]:
        """All current posts of the person, chosen or not: choosing a post never sheds a conflict of interest."""
        from accounts.models import Post

        if self.user is None:
            return self.posts
        return tuple(Post.objects.current().filter(user=self.user).for_actor())

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def in_role(self, *roles: str) -> Post | None:
        """The first post in one of the roles: the one that an event records."""
        return next((post for post in self.posts if post.role in roles), None)

    def acting(self, post: Post) -> Actor:
        """The same person in this one post only."""
        return replace(self, posts=(post,), _cache={})

    @property
    def enterprise_ids(self) -> list[int]:
        return [post.enterprise_id for post in self.posts if post.role == Role.ENTERPRISE and post.enterprise_id]


SYSTEM = Actor(system=True)
ANONYMOUS = Actor()


def actor_for(user: User, *, post_id: int | None = None, address: str | None = None, request_id: str = "") -> Actor:
    """The actor of a signed-in person; with ``post_id`` in that one post if it is current and theirs."""
    from accounts.models import Post

    posts = tuple(Post.objects.current().filter(user=user).for_actor())
    chosen = tuple(post for post in posts if post.pk == post_id) if post_id else ()
    actor = Actor(user=user, posts=chosen or posts, address=address, request_id=request_id)
    actor.__dict__["posts_held"] = posts  # just read: the same query need not be asked again
    return actor
