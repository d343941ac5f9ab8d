"""Which days work in China, as far as it is known: the library's announced years, and the law for the others.

The State Council announces a year in November of the year before. Until then only the statutory days are certain
(全国年节及纪念日放假办法, as in force since 2025: 13 days); bridging days and make-up weekends are not.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from chinese_calendar import constants
from lunar_python import Lunar

SATURDAY = 5
# The library names its holidays in English; people read the names of the law.
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def library_years() -> frozenset[int]:
    """Years whose announcement the library holds: those with a National Day, as an announcement of the year before may
    already touch the first days of January."""
    return frozenset(day.year for day in constants.holidays if (day.month, day.day) == (10, 1))


def library_day(day: date) -> tuple[bool, str]:
    """(works, label) as announced; make-up weekends win over holidays, holidays over weekdays."""
    if day in constants.workdays:
        return True, NAMES.get(constants.workdays[day], constants.workdays[day])
    if day in constants.holidays:
        return False, NAMES.get(constants.holidays[day], constants.holidays[day])
    return day.weekday() < SATURDAY, ""


def statutory_day(day: date) -> tuple[bool, str]:
    """(works, label) in a year that nobody has announced: weekends and the days of the law are off."""
    label = statutory_days(day.year).get(day, "")
    return day.weekday() < SATURDAY and not label, label


@cache
def statutory_days(year: int) -> dict[date, str]:
    """The 13 days of the law, with their names."""
    new_year = _solar(year, 1, 1)
    days = {date(year, 1, 1): "元旦"}
    days |= {new_year + timedelta(days=n): "春节" for n in range(-1, 3)}
    days[_clear_and_bright(year)] = "清明节"
    days |= {date(year, 5, 1): "劳动节", date(year, 5, 2): "劳动节"}
    days[_solar(year, 5, 5)] = "端午节"
    # Where two feasts meet (2031), the day carries both names.
    for day, label in [(_solar(year, 8, 15), "中秋节"), *((date(year, 10, n), "国庆节") for n in (1, 2, 3))]:
        days[day] = f"{days[day]}、{label}" if day in days else label
    return days


def _solar(year: int, month: int, day: int) -> date:
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _clear_and_bright(year: int) -> date:
    solar = Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
