"""What the OpenAPI document says at every operation."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s


class ProblemOut(s.Serializer):
    """RFC 9457."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    code = s.CharField()
    errors = s.DictField(required=False)


ERRORS = {(code, "application/problem+json"): ProblemOut for code in (400, 401, 403, 404, 409, 413, 415, 429)}
KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="the same key never acts twice"
)
