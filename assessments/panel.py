"""The three rates of the last full month on the public front page, each with what was divided by what."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments import periods
from assessments.rates import Rate, public_rates
from common import clock, fmt
from issues.public.panels import Figure, Panel


def last_month() -> Panel | None:
    """None while no rate has cases enough behind it."""
    month = periods.before(periods.month_of(clock.now()))
    since, until = periods.instant(periods.parse(month)), periods.instant(periods.shift(periods.parse(month), 1))
    rates = public_rates(since=since, until=until)
    figures = [
        _figure(_("Heard in time"), rates["response"], _("heard from in time ÷ due to be heard from")),
        _figure(_("Solved"), rates["solved"], _("“solved” ÷ all who answered")),
        _figure(_("Satisfied"), rates["satisfied"], _("satisfied ÷ all who answered")),
    ]
    shown = [one for one in figures if one is not None]
    return Panel(fmt.month(since), shown) if shown else None


def _figure(label: str, rate: Rate | None, text: str) -> Figure | None:
    return Figure(label, rate.numerator, rate.denominator, text) if rate else None
