"""The web application with the row lock switched off: for the control alone."""

from django.db.models import QuerySet


def without_lock(self: QuerySet, *args: object, **kwargs: object) -> QuerySet:
    return self._chain()


QuerySet.select_for_update = without_lock  # type: ignore[method-assign]

from config.wsgi import application

__all__ = ["application"]
