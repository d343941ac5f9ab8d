"""What the ladder and the calendar say in the inbox, and when mail keeps quiet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deadlines import calendar
from deadlines.states import ClockKind
from notices import messages, quiet


def register() -> None:
    for kind in ClockKind:
        messages.register_part(kind.value, kind.label)
    messages.register("moved", _("%(ref)s: %(part)s is now due %(due)s, by the new working-day calendar"))
    quiet.set_calendar(calendar.is_working)
