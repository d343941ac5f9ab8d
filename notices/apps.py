from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.actors import Actor


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts import landing
        from common import nav
        from notices import policy

        policy.register()
        nav.register(
            nav.WORK,
            _("Messages"),
            "notices:list",
            visible=landing.is_staff,
            count=unread,
            order=90,
            topbar=True,
        )


def unread(actor: Actor) -> int:
    """For the bell, on every page: no further than anybody reads."""
    from notices.models import Notice

    return Notice.objects.visible_to(actor).unread().order_by()[:999].count()
