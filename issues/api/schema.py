"""The shapes of input and output for the OpenAPI document. What comes in is checked by the services."""

from __future__ import annotations

from rest_framework import serializers as s

from issues import states


class ContactIn(s.Serializer):
    name = s.CharField(max_length=100)
    phone = s.CharField(max_length=32)
    email = s.EmailField(required=False, allow_blank=True)


class ContactOut(s.Serializer):
    name = s.CharField()
    phone = s.CharField(help_text="masked to staff, who read it in full at …/contact/")
    email = s.CharField()


class IssueIn(s.Serializer):
    title = s.CharField(max_length=200)
    text = s.CharField(max_length=20_000)
    channel = s.ChoiceField(states.Channel)
    contact = ContactIn()
    kind = s.ChoiceField(states.IssueKind.choices, required=False)
    category = s.CharField(required=False, help_text="the Chinese name")
    urgency = s.ChoiceField(states.Urgency, required=False)
    enterprise = s.CharField(required=False, help_text="credit code, or a name (a claim)")
    project = s.CharField(required=False)
    place = s.CharField(required=False, max_length=200)
    confidentiality = s.ChoiceField(states.Confidentiality, required=False)
    post = s.CharField(required=False)


class ClockOut(s.Serializer):
    kind = s.CharField()
    part = s.CharField()
    started_at = s.DateTimeField()
    due_at = s.DateTimeField()
    first_due_at = s.DateTimeField()
    provisional = s.BooleanField()
    paused = s.BooleanField()
    met_at = s.DateTimeField(allow_null=True)
    breached_at = s.DateTimeField(allow_null=True)
    stopped_at = s.DateTimeField(allow_null=True)
    stop_reason = s.CharField(allow_null=True)
    light = s.CharField(allow_null=True)


class IssueOut(s.Serializer):
    number = s.CharField()
    kind = s.CharField()
    title = s.CharField()
    text = s.CharField(allow_null=True)
    channel = s.CharField()
    category = s.CharField(allow_null=True)
    urgency = s.CharField()
    difficulty = s.CharField(allow_null=True)
    confidentiality = s.CharField()
    place = s.CharField()
    state = s.CharField()
    phase = s.CharField()
    light = s.CharField(allow_null=True)
    layer = s.IntegerField()
    round = s.IntegerField()
    unit = s.CharField(allow_null=True)
    co_units = s.ListField(child=s.CharField())
    specialist = s.CharField(allow_null=True)
    leader = s.CharField(allow_null=True)
    enterprise = s.CharField(allow_null=True)
    project = s.CharField(allow_null=True)
    contact = ContactOut(allow_null=True)
    merged_into = s.CharField(allow_null=True)
    outcome = s.CharField(allow_null=True)
    solved = s.CharField(allow_null=True)
    satisfaction = s.IntegerField(allow_null=True)
    version = s.IntegerField()
    clocks = ClockOut(many=True)
    allowed_actions = s.ListField(child=s.CharField())
    submitted_at = s.DateTimeField()
    assigned_at = s.DateTimeField(allow_null=True)
    signed_at = s.DateTimeField(allow_null=True)
    proposed_at = s.DateTimeField(allow_null=True)
    closed_at = s.DateTimeField(allow_null=True)


class SubmittedOut(IssueOut):
    tracking_code = s.CharField(required=False, help_text="only for callers without an account")


class ActionIn(s.Serializer):
    """``version`` and the fields of the action; what each takes stands in PRODUCT and API."""

    version = s.IntegerField(required=False, help_text="the version last read; only a tracking code may leave it out")
    tracking_code = s.CharField(required=False)
    post = s.CharField(required=False)
    text = s.CharField(required=False)
    reason = s.CharField(required=False)
    clause = s.CharField(required=False)
    unit = s.CharField(required=False)
    co_units = s.ListField(child=s.CharField(), required=False)
    leader = s.CharField(required=False)
    category = s.CharField(required=False)
    urgency = s.ChoiceField(states.Urgency, required=False)
    difficulty = s.ChoiceField(states.Difficulty, required=False)
    into = s.CharField(required=False)
    handler = s.CharField(required=False)
    public = s.BooleanField(required=False)
    done = s.BooleanField(required=False)
    days = s.IntegerField(required=False)
    until = s.DateField(required=False)
    due = s.DateField(required=False)
    meeting = s.CharField(required=False)
    outcome = s.ChoiceField(states.Outcome, required=False)
    account = s.CharField(required=False)
    cause = s.ChoiceField(states.Cause, required=False)
    promised_on = s.DateField(required=False)
    solved = s.ChoiceField(states.Solved, required=False)
    satisfaction = s.IntegerField(required=False, min_value=1, max_value=5)


class EventOut(s.Serializer):
    seq = s.IntegerField()
    kind = s.CharField()
    at = s.DateTimeField()
    by = s.CharField(allow_null=True)
    public = s.BooleanField()
    data = s.DictField()
    hash = s.CharField(allow_null=True)


class AttachmentOut(s.Serializer):
    id = s.IntegerField()
    name = s.CharField()
    size = s.IntegerField()
    mime = s.CharField()
    sha256 = s.CharField()
    by = s.CharField()
    public = s.BooleanField()
    created_at = s.DateTimeField()
    url = s.CharField()


class AttachmentIn(s.Serializer):
    file = s.FileField()
    public = s.BooleanField(required=False)
    tracking_code = s.CharField(required=False)


class FeedbackOut(s.Serializer):
    at = s.DateTimeField()
    by = s.CharField()
    text = s.CharField()
    done = s.BooleanField()


class DecisionOut(s.Serializer):
    id = s.IntegerField()
    issue = s.CharField(allow_null=True)
    layer = s.IntegerField()
    text = s.CharField()
    unit = s.CharField()
    co_units = s.ListField(child=s.CharField())
    due = s.DateField(allow_null=True)
    meeting = s.CharField(allow_null=True)
    decided_at = s.DateTimeField()
    decided_by = s.CharField()
    in_name_of = s.CharField(allow_null=True)
    done_at = s.DateTimeField(allow_null=True)
    feedback = FeedbackOut(many=True)


class DecisionIn(s.Serializer):
    issue = s.CharField(help_text="number")
    version = s.IntegerField(required=False)
    text = s.CharField()
    unit = s.CharField()
    co_units = s.ListField(child=s.CharField(), required=False)
    due = s.DateField(required=False)
    meeting = s.CharField(required=False)
    post = s.CharField(required=False)


class DecisionFeedbackIn(s.Serializer):
    text = s.CharField()
    done = s.BooleanField(required=False)
    post = s.CharField(required=False)
