"""The statement that freezes a month: every case behind every figure as a row, in one go and of one snapshot.

A clock counts once, at the earlier of its due date and its being met. With the month [starts, until) and ``cut``, its
end (or now, while it runs; what happened later isn't seen):
D due in the month and not met before it · C due before it and not met before it (resolution only) · E met in it and due
after it · P not met and paused at the cut · O not met and due only after the cut. Stopped clocks are nowhere.
Units with fewer than the minimum of D + C get the rows of the longer window instead, deductions those of the month.
"""

from __future__ import annotations


def fill(text: str, **parts: str) -> str:
    """Put pieces of our own SQL into ``<name>``; values travel as parameters."""
    for name, part in parts.items():
        text = text.replace(f"<{name}>", part)
    return text


_FIELDS = """c.id, c.kind, c.holder_unit_id AS unit_id, c.subject_id AS issue_id, c.subject_ref AS ref, c.calendar_id,
           c.due_at, c.met_at"""
_TIMED = "'signing', 'feedback', 'resolution'"
_COUNTS = "c.stopped_at IS NULL AND c.subject_kind = 'issue' AND (c.kind <> 'resolution' OR c.part = '')"


# D and C of <units> for a period that begins at <since>. What is open and what was met since lie apart in the index,
# so that the years before don't have to be read.
_DUE_OR_CARRIED = """
    SELECT <fields>, 'D' AS part FROM deadlines_clock c JOIN <units> u ON u.id = c.holder_unit_id
     WHERE c.kind IN (<kinds>) AND c.due_at >= <since> AND c.due_at < %(until)s
       AND (c.met_at IS NULL OR c.met_at >= <since>) AND <counts>
    UNION ALL
    SELECT <fields>, 'C' FROM deadlines_clock c JOIN <units> u ON u.id = c.holder_unit_id
     WHERE c.kind = 'resolution' AND c.due_at < <since> AND c.met_at IS NULL AND <counts>
    UNION ALL
    SELECT <fields>, 'C' FROM deadlines_clock c JOIN <units> u ON u.id = c.holder_unit_id
     WHERE c.kind = 'resolution' AND c.due_at < <since> AND c.met_at >= <since> AND <counts>"""

# All parts; P here are the paused ones that are due after the month.
_CLOCKS = """<due_or_carried>
    UNION ALL
    SELECT <fields>, 'E' FROM deadlines_clock c JOIN <units> u ON u.id = c.holder_unit_id
     WHERE c.kind IN (<kinds>) AND c.met_at >= <since> AND c.met_at < %(cut)s AND c.due_at >= %(until)s AND <counts>
    UNION ALL
    SELECT <fields>, 'P' FROM paused JOIN deadlines_clock c ON c.id = paused.clock_id
      JOIN <units> u ON u.id = c.holder_unit_id
     WHERE c.kind = 'resolution' AND c.due_at >= %(until)s AND (c.met_at IS NULL OR c.met_at >= %(cut)s) AND <counts>"""

_RATINGS = """
    SELECT r.id, u.id AS unit_id, r.issue_id, i.number AS ref, r.at, r.solved, r.satisfaction, NOT EXISTS (
               SELECT FROM issues_rating later
                WHERE later.issue_id = r.issue_id AND later.at < %(cut)s AND (later.at, later.id) > (r.at, r.id)
           ) AS last
      FROM issues_rating r JOIN issues_issue i ON i.id = r.issue_id
      JOIN <units> u ON u.id = COALESCE(r.unit_id, i.lead_unit_id)
     WHERE r.at >= <since> AND r.at < %(cut)s"""

# The working days whose close of business lies behind ``due``, before it was met and before the cut, in a stay of the
# unit itself that was not a suspension: as the day ledger has it, a day belongs to whoever holds the case at its close.
# n counts working days up to and including a day, so n of the date 18 hours ago counts the closes up to an instant.
_LOST = """
    SELECT sum(GREATEST(b.n - a.n, 0)) AS days
      FROM issues_span s
      JOIN deadlines_workingday a ON a.version_id = c.calendar_id
       AND a.day = ((GREATEST(s.started_at - interval '1 microsecond', c.due_at) AT TIME ZONE 'Asia/Shanghai')
                    - %(close)s)::date
      JOIN deadlines_workingday b ON b.version_id = c.calendar_id
       AND b.day = (((LEAST(s.ended_at, c.done_at, %(cut)s) - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')
                    - %(close)s)::date
     WHERE c.kind = 'resolution' AND c.part IN ('D', 'C') AND c.due_at < COALESCE(c.done_at, %(cut)s)
       AND s.issue_id = c.issue_id AND s.holder = 'unit' AND s.unit_id = c.unit_id AND s.state <> 'suspended'
       AND s.started_at < COALESCE(c.done_at, %(cut)s) AND (s.ended_at IS NULL OR s.ended_at > c.due_at)"""

# A promise that the submitter answered was not kept reopens the issue in the step of the rating. ``body`` is canonical
# JSON, in which a person's own quotation marks are escaped.
UNKEPT = """'%%"reopened":true%%'"""

FREEZE = fill(
    """
WITH assessed AS MATERIALIZED (
    SELECT principal_id AS id FROM accounts_unit
     WHERE groups <> '{}' AND (%(units)s::bigint[] IS NULL OR principal_id = ANY(%(units)s))
), paused AS MATERIALIZED (
    SELECT clock_id FROM deadlines_pause
     WHERE started_at < %(cut)s AND (ended_at IS NULL OR ended_at >= %(cut)s)
), contested AS MATERIALIZED (
    SELECT DISTINCT contest.unit_id, contest.indicator, contest.source_id
      FROM assessments_contest contest JOIN assessments_run run ON run.id = contest.run_id
     WHERE run.month = %(month)s AND contest.state = 'accepted'
), load AS (
    SELECT c.unit_id, count(*) AS cases
      FROM (<load>) c
     WHERE ((c.part = 'C' OR c.due_at < %(cut)s) AND c.id NOT IN (SELECT clock_id FROM paused)
            OR c.met_at < %(cut)s)
       AND NOT EXISTS (SELECT FROM contested x WHERE x.unit_id = c.unit_id AND x.source_id = c.id
                          AND x.indicator = 'completion')
     GROUP BY c.unit_id
), spread AS MATERIALIZED (
    SELECT a.id, COALESCE(load.cases, 0) < %(minimum)s AS small FROM assessed a LEFT JOIN load ON load.unit_id = a.id
), big AS MATERIALIZED (SELECT id FROM spread WHERE NOT small
), small AS MATERIALIZED (SELECT id FROM spread WHERE small
), raw AS (
    <month_clocks>
    UNION ALL <window_clocks>
), clocks AS (
    SELECT id, kind, unit_id, issue_id, ref, calendar_id, due_at,
           CASE WHEN met_at < %(cut)s THEN met_at END AS done_at,
           CASE WHEN met_at < %(cut)s THEN part
                WHEN id IN (SELECT clock_id FROM paused) THEN 'P'
                WHEN part = 'D' AND due_at >= %(cut)s THEN 'O'
                ELSE part END AS part
      FROM raw
), rated AS (
    <month_ratings>
    UNION ALL <window_ratings>
), cases AS (
    SELECT c.unit_id, figure.indicator, c.id AS source_id, c.issue_id, c.ref, figure.counts, c.part,
           0::numeric AS points, c.due_at, c.done_at,
           CASE WHEN figure.indicator = 'completion' THEN COALESCE(lost.days, 0) ELSE 0 END AS lost_days
      FROM clocks c
      LEFT JOIN LATERAL (<lost>) lost ON true
     CROSS JOIN LATERAL (VALUES
           ('completion', c.kind = 'resolution', c.part IN ('D', 'C') AND c.done_at IS NOT NULL),
           ('closed_on_time', c.kind = 'resolution' AND c.part IN ('D', 'E'), COALESCE(c.done_at <= c.due_at, false)),
           ('signing_on_time', c.kind = 'signing' AND c.part IN ('D', 'E'), COALESCE(c.done_at <= c.due_at, false)),
           ('feedback_on_time', c.kind = 'feedback' AND c.part IN ('D', 'E'), COALESCE(c.done_at <= c.due_at, false))
           ) AS figure(indicator, applies, counts)
     WHERE figure.applies
    UNION ALL
    SELECT r.unit_id, figure.indicator, r.id, r.issue_id, r.ref, figure.counts, '', 0, NULL, r.at, 0
      FROM rated r CROSS JOIN LATERAL (VALUES
           ('solved_rate', r.last, r.solved = 'yes'),
           ('satisfaction', r.satisfaction IS NOT NULL, COALESCE(r.satisfaction >= 4, false))
           ) AS figure(indicator, applies, counts)
     WHERE figure.applies
    UNION ALL
    SELECT spread.id, kind.indicator, e.id, e.issue_id, i.number, true, '', kind.points, NULL, e.at, 0
      FROM issues_event e
      JOIN (VALUES ('send_back', 'sent_back', %(sent_back)s::numeric), ('reopen', 'reopened', %(reopened)s::numeric),
                   ('rate', 'reopened', %(reopened)s::numeric)) AS kind(event, indicator, points) ON kind.event = e.kind
      JOIN issues_issue i ON i.id = e.issue_id
      LEFT JOIN LATERAL (SELECT a.unit_id FROM issues_assignment a
                          WHERE a.issue_id = e.issue_id AND a.kind = 'lead' AND a.started_at <= e.at
                          ORDER BY a.started_at DESC, a.id DESC LIMIT 1) lead ON true
      JOIN spread ON spread.id = COALESCE(lead.unit_id, i.lead_unit_id)
     WHERE e.kind IN ('send_back', 'reopen', 'rate') AND (e.kind <> 'rate' OR e.body LIKE <unkept>)
       AND e.at >= %(starts)s AND e.at < %(cut)s
), written AS (
    INSERT INTO assessments_frozencase (run_id, unit_id, indicator, source_id, issue_id, ref, counts, part, points,
                                        due_at, done_at, lost_days, excluded)
    SELECT %(run)s, c.unit_id, c.indicator, c.source_id, c.issue_id, c.ref, c.counts, c.part, c.points,
           c.due_at, c.done_at, c.lost_days,
           EXISTS (SELECT FROM contested x WHERE x.unit_id = c.unit_id AND x.source_id = c.source_id
                      AND x.indicator = CASE c.indicator WHEN 'closed_on_time' THEN 'completion' ELSE c.indicator END)
      FROM cases c ORDER BY c.unit_id, c.indicator, c.source_id
    RETURNING 1
)
SELECT id, small FROM spread
""",
    load=fill(_DUE_OR_CARRIED, kinds="'resolution'", since="%(starts)s", units="assessed"),
    month_clocks=fill(_CLOCKS, due_or_carried=_DUE_OR_CARRIED, kinds=_TIMED, since="%(starts)s", units="big"),
    window_clocks=fill(_CLOCKS, due_or_carried=_DUE_OR_CARRIED, kinds=_TIMED, since="%(window)s", units="small"),
    month_ratings=fill(_RATINGS, since="%(starts)s", units="big"),
    window_ratings=fill(_RATINGS, since="%(window)s", units="small"),
    lost=_LOST,
    unkept=UNKEPT,
    fields=_FIELDS,
    counts=_COUNTS,
)

# Every figure of a run, out of its frozen rows alone, with the digest of those rows.
TALLY = """
SELECT unit_id, indicator,
       count(*) FILTER (WHERE held AND counts) AS numerator,
       count(*) FILTER (WHERE held) AS denominator,
       count(*) FILTER (WHERE part = 'E' AND NOT excluded) AS early,
       count(*) FILTER (WHERE part = 'P') AS paused,
       count(*) FILTER (WHERE part = 'O') AS coming,
       COALESCE(sum(lost_days) FILTER (WHERE held), 0) AS lost_days,
       min(due_at) FILTER (WHERE held AND NOT counts) AS oldest,
       COALESCE(sum(points) FILTER (WHERE held), 0) AS points,
       encode(sha256(convert_to(string_agg(concat_ws('|', source_id, issue_id, ref, counts, part, points,
           COALESCE(extract(epoch FROM due_at)::text, '-'), COALESCE(extract(epoch FROM done_at)::text, '-'),
           lost_days, excluded), E'\\n' ORDER BY source_id), 'UTF8')), 'hex') AS digest
  FROM (SELECT *, NOT excluded AND (indicator <> 'completion' OR part IN ('D', 'C')) AS held
          FROM assessments_frozencase WHERE run_id = %(run)s) AS cases
 GROUP BY unit_id, indicator ORDER BY unit_id, indicator
"""
