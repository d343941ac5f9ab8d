"""The API of papers: the archive, one PDF, verification for everybody."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from common import clock, ratelimit
from common.api.paging import Pages
from common.api.problems import TooMany
from common.api.schema import ERRORS
from common.errors import NotVisible
from common.http import client_address
from documents import serving
from documents.models import Document
from documents.services.verify import verify


class DocumentOut(s.Serializer):
    number = s.CharField()
    official_number = s.CharField(allow_null=True)
    kind = s.CharField()
    title = s.CharField()
    organ = s.CharField()
    period = s.CharField(allow_null=True)
    state = s.CharField()
    issued_on = s.DateField()
    size = s.IntegerField()
    sha256 = s.CharField()
    data_sha256 = s.CharField()
    code = s.CharField()


class VerifyOut(s.Serializer):
    code = s.CharField()
    number = s.CharField()
    title = s.CharField()
    organ = s.CharField()
    kind = s.CharField()
    issued_on = s.DateField()
    state = s.CharField()
    draft = s.BooleanField()
    size = s.IntegerField()
    sha256 = s.CharField()
    data_sha256 = s.CharField()
    matches = s.BooleanField(allow_null=True)
    newer = s.DictField(allow_null=True)


def shape(document: Document) -> dict[str, Any]:
    names = ("number", "kind", "title", "organ", "state", "size", "sha256", "data_sha256", "code")
    return {name: getattr(document, name) for name in names} | {
        "official_number": document.official_number or None,
        "period": document.period or None,
        "issued_on": document.issued_on.isoformat(),
    }


class Documents(ApiView):
    @extend_schema(
        operation_id="documents_list",
        summary="The archive, as far as the caller may see it",
        responses={200: DocumentOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(Document.objects.visible_to(self.actor), request, view=self)
        return pages.get_paginated_response([shape(document) for document in found or []])


class PdfRenderer(BaseRenderer):
    """Lets a caller ask for application/pdf; the bytes are streamed by the view."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


class OneDocument(ApiView):
    renderer_classes = [JSONRenderer, PdfRenderer]

    @extend_schema(
        operation_id="documents_read",
        summary="One PDF; the download is logged",
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, number: str) -> FileResponse:
        found = Document.objects.visible_to(self.actor).filter(number=number).first()
        if found is None:
            raise NotVisible
        return serving.document(found, self.actor, at=clock.now())


class Verify(ApiView):
    public = True

    @extend_schema(
        operation_id="verify",
        summary="Is this paper ours and does it still hold; with sha256, is the file the archived one",
        parameters=[OpenApiParameter("sha256", OpenApiTypes.STR)],
        responses={200: VerifyOut, **ERRORS},
    )
    def get(self, request: Request, code: str) -> Response:
        if wait := ratelimit.hit("verify", client_address(request._request), limit=60, seconds=60):
            raise TooMany(wait)
        return Response(verify(code, request.query_params.get("sha256")))
