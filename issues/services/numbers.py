"""Issue numbers: WT2026-000123, without gaps, by the row lock of the series (held until the commit)."""

from documents.models import NumberSeries


def next_number(year: int) -> str:
    NumberSeries.objects.bulk_create([NumberSeries(series="WT", year=year)], ignore_conflicts=True)
    row = NumberSeries.objects.select_for_update(no_key=True).get(series="WT", year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"WT{year}-{row.last:06d}"
