"""Cursor pages: ``{"next", "previous", "results"}``, ``page_size`` ≤ 200."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_param = "cursor"
    ordering = "-pk"
