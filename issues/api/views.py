"""The API of issues: submit, list, read, act, events, clocks, files; decisions and their feedback."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.base import ApiView, body_of, one_post, refuse_unknown
from common import clock
from common.api.idempotency import answer_once
from common.api.paging import Pages
from common.api.problems import TooMany
from common.api.schema import ERRORS, KEY
from common.errors import NotVisible, PermissionDenied
from common.http import client_address
from deadlines.models import Clock
from documents.models import Attachment
from documents.services.attach import attach
from issues import limits, policy, reading, services
from issues.api import filters, schema, shape
from issues.models import Event, Issue
from issues.services import codes
from issues.services.step import begin, stale

SUBMIT_FIELDS = frozenset(schema.IssueIn().fields) - {"post"}
BY_CODE = frozenset({"supplement", "rate", "reopen", "withdraw"})
NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="number of the issue")
CODE = OpenApiParameter(
    "X-Tracking-Code", OpenApiTypes.STR, OpenApiParameter.HEADER, description="instead of an account: the own issue"
)


def by_code(actor: Actor, request: Request, number: str, code: str) -> Actor:
    """The actor as the submitter of the issue that the code opens. Wrong codes are few a minute, per address and in
    all, and look like numbers that do not exist."""
    address = client_address(request._request)
    if wait := limits.guessing(address):
        raise TooMany(wait)
    found = codes.find(code, number)
    if found is None:
        limits.wrong_code(address)
        raise NotVisible
    return Actor(user=actor.user, posts=actor.posts, submitter_of=found, address=address, request_id=actor.request_id)


class IssueView(ApiView):
    """Finds the issue for the actor; without an account only by tracking code."""

    public = True

    def actor_on(self, number: str, code: Any = None, post: Any = None) -> Actor:
        code = code or self.request.headers.get("X-Tracking-Code")
        if code:
            return by_code(self.actor, self.request, number, str(code))
        if not self.actor.is_authenticated:
            raise NotAuthenticated
        return one_post(self.actor, post)

    def issue(self, actor: Actor, number: str, *, whole: bool = False) -> Issue:
        """``whole``: with all that is told of it, for who is going to be told."""
        rows = Issue.objects.visible_to(actor)
        found = (rows.for_detail() if whole else rows).order_by().filter(number=number).first()
        if found is None:
            raise NotVisible
        return found

    def shown(self, actor: Actor, number: str, status: int = 200) -> Response:
        issue = self.issue(actor, number, whole=True)
        reading.note_commercial(actor, [issue])
        return Response(shape.issue_of(issue, actor, shape.load([issue])[issue.pk]), status=status)


class Issues(IssueView):
    @extend_schema(
        operation_id="issues_list",
        summary="Issues that the caller may see",
        parameters=filters.PARAMETERS,
        responses={200: schema.IssueOut(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        if not self.actor.is_authenticated:
            raise NotAuthenticated
        actor = one_post(self.actor, request.query_params.get("post"))
        rows = filters.apply(request.query_params, actor, Issue.objects.visible_to(actor).for_detail())
        pages = Pages()
        pages.ordering = filters.ordering(request.query_params)
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(shape.page_of(found or [], actor))

    @extend_schema(
        operation_id="issues_submit",
        summary="Submit an issue; without an account only by web_form or qr_card",
        parameters=[KEY],
        request=schema.IssueIn,
        responses={201: schema.SubmittedOut, **ERRORS},
        examples=[
            OpenApiExample(
                "submit",
                value={
                    "title": "厂区供电容量不足",
                    "text": "新设备下月进场，现有容量不够。",
                    "channel": "web_form",
                    "contact": {"name": "顾工", "phone": "13800000000"},
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        actor = self.actor
        if not actor.is_authenticated and (wait := limits.submission(client_address(request._request))):
            raise TooMany(wait)
        data = body_of(request)
        actor = one_post(actor, data.pop("post", None))
        return answer_once(request, lambda: self._submit(actor, data), again=with_code)

    def _submit(self, actor: Actor, data: dict[str, Any]) -> Response:
        if not policy.may_submit(actor):
            raise PermissionDenied(_("Your post may not submit issues."))
        refuse_unknown(data, SUBMIT_FIELDS)
        scalars(data, but={"contact"})
        given: dict[str, Any] = {"title": "", "text": "", "channel": "", "contact": None}
        given |= {name: value for name, value in data.items() if value is not None}
        issue = services.submit(actor=actor, **given)
        # Whoever has no account sees the own issue through its code, at once too.
        reader = actor if actor.is_authenticated else Actor(submitter_of=issue.pk)
        answer = self.shown(reader, issue.number, status=201)
        if not actor.is_authenticated:
            answer.data["tracking_code"] = services.tracking_code(issue)
        return answer


def with_code(answer: dict[str, Any]) -> dict[str, Any]:
    """A repeated answer to an anonymous submission: the code is derived again, it was never stored."""
    issue = Issue.objects.filter(number=answer.get("number")).first()
    if issue is not None and issue.filed_by_id is None:
        answer["tracking_code"] = services.tracking_code(issue)
    return answer


def scalars(data: dict[str, Any], but: set[str]) -> None:
    """Where text or a number is expected, lists and objects are mistakes of the caller."""
    wrong = {
        name: [_("A plain value is expected.")]
        for name, value in data.items()
        if name not in but and isinstance(value, dict | list | float)
    }
    if wrong:
        raise ValidationError(wrong)


class OneIssue(IssueView):
    @extend_schema(
        operation_id="issues_read",
        summary="One issue",
        parameters=[NUMBER, CODE],
        responses={200: schema.IssueOut, **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        return self.shown(self.actor_on(number, post=request.query_params.get("post")), number)


class Contact(IssueView):
    @extend_schema(
        operation_id="issues_contact",
        summary="Whom to call, in full; each reading by staff is entered in the audit trail",
        parameters=[NUMBER, CODE],
        responses={200: schema.ContactOut, **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        actor = self.actor_on(number, post=request.query_params.get("post"))
        issue = self.issue(actor, number)
        may = policy.fields(actor, issue)
        if not may.contact:
            raise PermissionDenied(_("Your post may not read this contact."))
        if may.staff:
            reading.note_contact(actor, issue)
        return Response(shape.contact_of(issue, opened=True))


class Act(IssueView):
    @extend_schema(
        operation_id="issues_act",
        summary="One action of the loop",
        parameters=[
            NUMBER,
            OpenApiParameter("action", OpenApiTypes.STR, OpenApiParameter.PATH, enum=sorted(services.ACTIONS)),
            KEY,
        ],
        request=schema.ActionIn,
        responses={200: schema.IssueOut, **ERRORS},
        examples=[
            OpenApiExample("feed_back", value={"version": 4, "text": "已现场踏勘", "public": True}, request_only=True)
        ],
    )
    def post(self, request: Request, number: str, action: str) -> Response:
        data = body_of(request)
        code, version = data.pop("tracking_code", None), data.pop("version", None)
        actor = self.actor_on(number, code, data.pop("post", None))
        return answer_once(request, lambda: self._act(actor, number, action, version, data))

    def _act(self, actor: Actor, number: str, action: str, version: Any, data: dict[str, Any]) -> Response:
        issue = self.issue(actor, number)
        if action not in services.ACTIONS:
            raise NotVisible
        if actor.submitter_of == issue.pk and not actor.is_authenticated and action not in BY_CODE:
            raise PermissionDenied(_("With a tracking code this cannot be done."))
        verb, fields = services.ACTIONS[action]
        wanted = number_of(version)
        if wanted is not None and wanted != issue.version:
            raise stale(issue)
        # Right and state are answered before anything that is wrong with the data.
        begin(issue_id=issue.pk, actor=actor, action=action, version=wanted)
        if wanted is None and actor.submitter_of != issue.pk:
            raise ValidationError({"version": [_("Please send the version that you last read.")]})
        refuse_unknown(data, fields)
        scalars(data, but={"co_units"})
        if not isinstance(data.get("co_units") or [], list):
            raise ValidationError({"co_units": [_("A list of codes is expected.")]})
        scalars({f"co_units.{i}": code for i, code in enumerate(data.get("co_units") or [])}, but=set())
        verb(issue_id=issue.pk, actor=actor, version=wanted, **complete(verb, fields, data))
        return self.shown(actor, number) if visible(actor, number) else Response({"number": number})


def visible(actor: Actor, number: str) -> bool:
    return Issue.objects.visible_to(actor).filter(number=number).exists()


def number_of(version: Any) -> int | None:
    if version is None:
        return None
    if isinstance(version, bool) or not isinstance(version, int | str) or not str(version).isdecimal():
        # Whatever it is, it isn't the present version.
        return -1
    return int(str(version)[:18])


def complete(verb: Any, fields: frozenset[str], data: dict[str, Any]) -> dict[str, Any]:
    """The verb's own check names what is missing: so what was not sent comes as nothing."""
    import inspect

    known = inspect.signature(verb).parameters
    return {
        name: data.get(name)
        for name in fields
        if data.get(name) is not None or known[name].default is inspect.Parameter.empty
    }


class Events(IssueView):
    @extend_schema(
        operation_id="issues_events",
        summary="The timeline",
        parameters=[NUMBER, CODE],
        responses={200: schema.EventOut(many=True), **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        actor = self.actor_on(number)
        issue = self.issue(actor, number)
        may = policy.fields(actor, issue)
        reading.note_commercial(actor, [issue])
        rows = Event.objects.filter(issue=issue).select_related("user", "post__unit")
        if not may.staff:
            rows = rows.filter(public=True)
        pages = Pages()
        pages.ordering = "seq"
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([shape.event_of(event, may) for event in found or []])


class Clocks(IssueView):
    @extend_schema(
        operation_id="issues_clocks",
        summary="The deadlines",
        parameters=[NUMBER, CODE],
        responses={200: schema.ClockOut(many=True), **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        actor = self.actor_on(number)
        issue = self.issue(actor, number)
        rows = Clock.objects.of("issue", issue.pk)
        if not policy.fields(actor, issue).staff:
            rows = rows.filter(kind__in=shape.PUBLIC_CLOCKS)
        pages = Pages()
        pages.ordering = "pk"
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([shape.clock_of(one, clock.now()) for one in found or []])


class Attachments(IssueView):
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(
        operation_id="issues_attachments",
        summary="The files",
        parameters=[NUMBER, CODE],
        responses={200: schema.AttachmentOut(many=True), **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        actor = self.actor_on(number)
        issue = self.issue(actor, number)
        rows = Attachment.objects.of("issue", issue.pk)
        may = policy.fields(actor, issue)
        if not may.text:
            rows = rows.none()
        elif not may.staff:
            rows = rows.filter(policy.own_files())
        pages = Pages()
        pages.ordering = "pk"
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([shape.attachment_of(one) for one in found or []])

    @extend_schema(
        operation_id="issues_attach",
        summary="Add a file",
        parameters=[NUMBER, CODE, KEY],
        request={"multipart/form-data": schema.AttachmentIn},
        responses={201: schema.AttachmentOut, **ERRORS},
    )
    def post(self, request: Request, number: str) -> Response:
        actor = self.actor_on(number, request.data.get("tracking_code"), request.data.get("post"))
        return answer_once(request, lambda: self._attach(request, actor, number))

    def _attach(self, request: Request, actor: Actor, number: str) -> Response:
        issue = self.issue(actor, number)
        right = policy.may_attach(actor, issue)
        if right is None:
            raise PermissionDenied(_("Your post may not add files here."))
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": [_("Please choose a file.")]})
        by_submitter = right.party == "submitter"
        added = attach(
            actor=actor,
            subject_kind="issue",
            subject_id=issue.pk,
            file=file,
            by=Attachment.By.SUBMITTER if by_submitter else Attachment.By.STAFF,
            public=by_submitter or str(request.data.get("public", "")).lower() in ("1", "true", "on"),
            unit_id=right.post.unit_id if right.post else None,
            at=clock.now(),
        )
        return Response(shape.attachment_of(added), status=201)
