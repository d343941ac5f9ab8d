"""How a service line covers issues by their category: by its name, or that of the one above it."""

from __future__ import annotations

from issues.models import Category


def offered() -> list[tuple[str, str]]:
    """Categories that a line can name now, each with the one above it."""
    rows = Category.objects.filter(active=True).values_list("name", "parent__name")
    return [(name, above or "") for name, above in rows]


def category_names(category: Category | None) -> list[str]:
    if category is None:
        return []
    return [category.name, *([category.parent.name] if category.parent else [])]
