"""Named reads of notices and deliveries, and the statements that write them in sets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.actors import Actor

# One mail for each row of ``told (id, key, user_id, kind, urgent, created_at)`` whose reader has an address and has
# not switched the kind off. Made to stand as a CTE behind ``INSERT INTO notices_notice … RETURNING``: only new notices
# come back from there, so a repeat sends nothing. Parameter: %(not_before)s.
MAIL_FOR_TOLD = """
    INSERT INTO notices_delivery (key, channel, user_id, notice_id, urgent, created_at, not_before)
    SELECT 'mail:' || told.key, 'mail', told.user_id, told.id, told.urgent, told.created_at, %(not_before)s
      FROM told JOIN accounts_user reader ON reader.id = told.user_id
     WHERE reader.email <> '' AND NOT EXISTS (
           SELECT FROM notices_preference choice
            WHERE choice.user_id = told.user_id AND choice.kind = told.kind
              AND choice.channel = 'mail' AND NOT choice."on")
    ON CONFLICT (key) DO NOTHING RETURNING id
"""

# Readers in the order of their number: two transactions that tell the same people wait for each other, never crosswise.
TELL = f"""
WITH readers AS (
    SELECT user_id, min(post_id) AS post_id FROM (
        SELECT user_id, principal_id AS post_id FROM accounts_post
         WHERE principal_id = ANY(%(posts)s::bigint[]) AND starts_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
        UNION ALL SELECT unnest(%(users)s::bigint[]), NULL
    ) named GROUP BY user_id
), told AS (
    INSERT INTO notices_notice (key, user_id, post_id, kind, word, ref, path, due_at, created_at, urgent)
    SELECT %(key)s || ':' || readers.user_id, readers.user_id, readers.post_id, %(kind)s, %(word)s, %(ref)s, %(path)s,
           %(due_at)s, %(at)s, %(urgent)s
      FROM readers JOIN accounts_user person ON person.id = readers.user_id
     WHERE person.is_active ORDER BY readers.user_id
    ON CONFLICT (key) DO NOTHING RETURNING id, key, user_id, kind, urgent, created_at
), mailed AS ({MAIL_FOR_TOLD})
SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM mailed)
"""  # noqa: S608 -- put together from two constants, no value of anybody's


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """One's own, whichever post one acts in."""
        return self.filter(user=actor.user) if actor.user else self.none()

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class DeliveryQuerySet(models.QuerySet):
    def open(self) -> DeliveryQuerySet:
        """Neither sent, nor dead, nor dropped."""
        return self.filter(sent_at__isnull=True, dead_at__isnull=True, dropped_at__isnull=True)

    def due(self, at: datetime) -> DeliveryQuerySet:
        """Open, may leave by now, and in nobody's hands."""
        return self.open().filter(not_before__lte=at).filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at))

    def dead(self) -> DeliveryQuerySet:
        return self.filter(dead_at__isnull=False)
