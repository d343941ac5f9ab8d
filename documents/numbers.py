"""Numbers of papers: 机关代字〔年份〕序号号, without gaps within a series and year."""

from __future__ import annotations

from documents.models import NumberSeries


def lock(series: str, year: int) -> NumberSeries:
    """The row of a series, held until the transaction ends: whoever comes next waits, so no number is given twice and
    none is lost when the transaction is rolled back."""
    NumberSeries.objects.get_or_create(series=series, year=year)
    return NumberSeries.objects.select_for_update(no_key=True).get(series=series, year=year)


def take(row: NumberSeries) -> str:
    """The next number of a locked series, e.g. 临通报〔2026〕3号."""
    row.last += 1
    row.save(update_fields=["last"])
    return f"{row.series}〔{row.year}〕{row.last}号"
