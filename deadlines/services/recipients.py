"""Who is told of a rung, in sets: from a relation ``rung`` to rows of the inbox (PRODUCT.md §2, reminder ladder)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from deadlines import registry
from notices import quiet
from notices.querysets import MAIL_FOR_TOLD

# ``rung (clock_id, kind, unit, rung, mark, due, subject_kind, subject_ref, holder_unit_id, holder_post_id, leader_id,
# office_id, rule_id)``; ``mark`` tells it from another of the same due date. Parameters: now, paths, not_before.
#
# The head of the unit stands in for a holder's post that nobody holds now, for a leader the service office. Who has
# nobody at all (and what nobody holds) falls to the coordinators; of a private subject (registry.on_private) to the
# supervisors, else the chiefs, never to the people whom it is about. Posts are gathered into arrays first: joining
# clocks with posts by unit and role would compare each with each.
CTES = """
post AS MATERIALIZED (
    SELECT p.principal_id AS id, p.role, p.unit_id, p.user_id
      FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
     WHERE u.is_active AND p.starts_at <= %(now)s AND (p.ends_at IS NULL OR p.ends_at > %(now)s)
), staff AS MATERIALIZED (
    SELECT unit_id, COALESCE(array_agg(id) FILTER (WHERE role = 'unit_officer'), '{}') AS officers,
           COALESCE(array_agg(id) FILTER (WHERE role = 'unit_head'), '{}') AS heads,
           COALESCE(array_agg(id) FILTER (WHERE role = 'service_office'), '{}') AS office
      FROM post WHERE unit_id IS NOT NULL GROUP BY unit_id
), desk AS MATERIALIZED (
    SELECT COALESCE(array_agg(id) FILTER (WHERE role = 'coordinator'), '{}') AS coordinators,
           COALESCE(array_agg(id) FILTER (WHERE role = 'supervisor'), '{}') AS supervisors FROM post
), private AS MATERIALIZED (
    SELECT named.kind, named.ref, named.barred, COALESCE(
               NULLIF(ARRAY(SELECT id FROM post WHERE role = 'supervisor' AND user_id <> ALL(named.barred)), '{}'),
               ARRAY(SELECT id FROM post WHERE role = 'chief' AND user_id <> ALL(named.barred))) AS watch
      FROM jsonb_to_recordset(%(private)s::jsonb) AS named (kind text, ref text, barred bigint[])
), held AS (
    SELECT rung.clock_id, rung.rung, own.id AS own_post, line_leader.id AS leading_post,
           CASE WHEN rung.holder_unit_id IS NULL THEN COALESCE(private.watch, unit.heads, '{}')
                ELSE COALESCE(unit.heads, '{}') END AS heads,
           COALESCE(line.office, '{}') AS office, private.watch, COALESCE(private.barred, '{}') AS barred,
           CASE WHEN was.role = 'leader' THEN COALESCE(line.office, '{}')
                WHEN private.ref IS NOT NULL AND rung.holder_unit_id IS NULL THEN private.watch
                WHEN rung.holder_post_id IS NULL AND unit.officers <> '{}' THEN unit.officers
                ELSE COALESCE(unit.heads, '{}') END AS stand_ins
      FROM rung LEFT JOIN accounts_post was ON was.principal_id = rung.holder_post_id
      LEFT JOIN private ON private.kind = rung.subject_kind AND private.ref = rung.subject_ref
      LEFT JOIN post own ON own.id = rung.holder_post_id AND own.user_id <> ALL(COALESCE(private.barred, '{}'))
      LEFT JOIN post line_leader
        ON line_leader.id = rung.leader_id AND line_leader.user_id <> ALL(COALESCE(private.barred, '{}'))
      LEFT JOIN staff unit ON unit.unit_id = COALESCE(rung.holder_unit_id, was.unit_id)
      LEFT JOIN staff line ON line.unit_id = rung.office_id
), addressed AS (
    SELECT held.clock_id, held.rung, held.barred, CASE held.rung
               WHEN 'candidate' THEN COALESCE(held.watch, desk.supervisors)
               WHEN 'escalate' THEN COALESCE(NULLIF(array_remove(ARRAY[leading_post], NULL) || office, '{}'),
                                             held.watch, desk.coordinators)
               ELSE CASE WHEN own_post IS NOT NULL THEN ARRAY[own_post]
                         ELSE COALESCE(NULLIF(stand_ins, '{}'), held.watch, desk.coordinators) END
                    || CASE held.rung WHEN 'breach' THEN heads ELSE '{}' END
           END AS posts
      FROM held CROSS JOIN desk
), reader AS (
    SELECT a.clock_id, a.rung, p.user_id, min(p.principal_id) AS post_id
      FROM addressed a CROSS JOIN LATERAL unnest(a.posts) AS named (id)
      JOIN accounts_post p ON p.principal_id = named.id AND p.user_id <> ALL(a.barred)
     GROUP BY a.clock_id, a.rung, p.user_id
)"""

# One notice per person and rung, by its key. A number is made safe for an address: the rest a browser does itself.
TELL = """
INSERT INTO notices_notice (key, user_id, post_id, kind, word, ref, path, due_at, created_at, urgent)
SELECT 'rung:' || rung.clock_id || ':' || rung.mark || ':' || EXTRACT(EPOCH FROM rung.due)::bigint || ':' ||
           reader.user_id,
       reader.user_id, reader.post_id,
       CASE rung.rung WHEN 'breach' THEN 'breach' WHEN 'escalate' THEN 'escalation' WHEN 'candidate' THEN 'escalation'
            WHEN 'moved' THEN 'calendar' ELSE 'reminder' END,
       rung.rung || '.' || rung.kind, rung.subject_ref,
       replace(COALESCE(%(paths)s::jsonb ->> rung.subject_kind, '/app/'), '{ref}',
               replace(replace(replace(rung.subject_ref, '%%', '%%25'), '?', '%%3F'), '#', '%%23')),
       rung.due, %(now)s, rung.unit = 'wh' OR COALESCE(rule."case" = 'urgent', false)
  FROM reader JOIN rung USING (clock_id, rung) LEFT JOIN deadlines_timerule rule ON rule.id = rung.rule_id
 ORDER BY reader.user_id, rung.clock_id, rung.rung
ON CONFLICT (key) DO NOTHING RETURNING id, key, user_id, kind, urgent, created_at
"""

# Quiet hours hold back all but the urgent.
MAIL = MAIL_FOR_TOLD.replace("%(not_before)s", "CASE WHEN told.urgent THEN told.created_at ELSE %(not_before)s END")


def parameters(now: datetime, *, due: bool = False) -> dict[str, Any]:
    """``due``: only clocks with a rung due by ``now`` are told of."""
    private = [
        {"kind": kind, "ref": ref, "barred": barred}
        for kind, finder in registry.private_subjects.items()
        for ref, barred in finder(now if due else None)
    ]
    return {
        "now": now,
        "private": json.dumps(private),
        "paths": json.dumps(registry.paths),
        "not_before": quiet.not_before(now),
    }
