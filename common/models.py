"""What belongs to no app."""

from django.db import models


class Heartbeat(models.Model):
    """When a background process was last alive: the worker writes it at the beat's call, so a fresh row proves both."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"


class RateWindow(models.Model):
    """How often something was asked in one window of time (common/ratelimit.py): rows hold with Redis down."""

    pk = models.CompositePrimaryKey("name", "key", "starts_at")
    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # a digest: no address is kept
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="rate_window_age")]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_at:%Y-%m-%d %H:%M:%S}: {self.count}"


class IdempotentAnswer(models.Model):
    """The first answer to a key (common/api/idempotency.py), without the secrets that were in it; kept 72 hours."""

    owner = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    body = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotent_answer_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
