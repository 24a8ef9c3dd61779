-- +goose Up

-- What Metabase, Grafana and the like read: docs/exporting.md. A view names each column that it reads and
-- none beside them, so tables can get more columns. Who has to drop a column, or to change its type, drops
-- the views that read it first, and creates them anew in the same migration.
--
-- There are two kinds. Those about all tickets have neither numbers nor categories, and times of a
-- quarter of an hour, which is enough for the days of every time zone: private tickets count there and
-- cannot be told from others. Those about single tickets leave private ones out; security_barrier keeps
-- a reader's conditions from seeing what is left out.
CREATE SCHEMA insight;
COMMENT ON SCHEMA insight IS 'What the desk knows, to read: the numbers of docs/metrics.md. No view has what people wrote.';

CREATE VIEW insight.flow AS
SELECT date_bin('15 minutes', at, TIMESTAMPTZ 'epoch') AS at,
    sum(opened)::bigint AS opened, sum(reopened)::bigint AS reopened, sum(resolved)::bigint AS resolved, sum(closed)::bigint AS closed
FROM (
    SELECT started_at AS at, (cycle = 1)::integer AS opened, (cycle > 1)::integer AS reopened, 0 AS resolved, 0 AS closed FROM cycles
    UNION ALL
    SELECT ended_at, 0, 0, resolved::integer, (NOT resolved)::integer FROM cycles WHERE ended_at IS NOT NULL
) AS events GROUP BY 1;
COMMENT ON VIEW insight.flow IS 'How many tickets came, and how many ended? The sum of opened and reopened less that of resolved and closed, from the beginning to a time, is how many were open then. All tickets, also private ones.';
COMMENT ON COLUMN insight.flow.at IS 'The quarter of an hour.';
COMMENT ON COLUMN insight.flow.opened IS 'Tickets opened.';
COMMENT ON COLUMN insight.flow.reopened IS 'Reopenings.';
COMMENT ON COLUMN insight.flow.resolved IS 'Ended by a solution. A ticket that was resolved twice counts twice.';
COMMENT ON COLUMN insight.flow.closed IS 'Ended without a solution: duplicates, withdrawn, not an issue, no answer.';

CREATE VIEW insight.promises AS
SELECT date_bin('15 minutes', at, TIMESTAMPTZ 'epoch') AS at, 'P' || priority AS priority, late_because,
    sum(kept)::bigint AS kept, sum(late)::bigint AS late, sum(late_without_owner)::bigint AS late_without_owner
FROM (
    SELECT ended_at AS at, priority, '' AS late_because, 1 AS kept, 0 AS late, 0 AS late_without_owner
    FROM cycles WHERE resolved AND ended_at <= resolve_due_at
    UNION ALL
    SELECT resolve_due_at, priority, cause, 0, 1, (owner_at_due = '')::integer
    FROM cycles WHERE (ended_at IS NULL OR resolved AND ended_at > resolve_due_at)
        AND resolve_due_at < (SELECT business_at + (clock_timestamp() - real_at) * rate FROM business_clock)
) AS decided GROUP BY 1, 2, 3;
COMMENT ON VIEW insight.promises IS 'Were tickets solved on time? Promises that were decided: when the ticket was resolved, or when its target passed, whichever came first. All tickets, also private ones.';
COMMENT ON COLUMN insight.promises.at IS 'The quarter of an hour in which they were decided.';
COMMENT ON COLUMN insight.promises.priority IS 'P1, P2 or P3: the priority at the end of the cycle, or the present one.';
COMMENT ON COLUMN insight.promises.late_because IS 'Of late ones, the cause: reopened, unclaimed, handed_over, claimed_late, long_wait or long_work. Empty of those that were kept.';
COMMENT ON COLUMN insight.promises.kept IS 'Resolved at the target or before.';
COMMENT ON COLUMN insight.promises.late IS 'Not resolved at the target. What was closed without a solution does not count.';
COMMENT ON COLUMN insight.promises.late_without_owner IS 'Of late: nobody had the ticket at the target.';

CREATE VIEW insight.answers AS
SELECT date_bin('15 minutes', responded_at, TIMESTAMPTZ 'epoch') AS at, 'P' || priority AS priority,
    extract(epoch FROM responded_at - started_at)::float8 AS seconds
FROM cycles WHERE responded_at IS NOT NULL;
COMMENT ON VIEW insight.answers IS 'How long does an answer take? A row for each cycle that was answered. All tickets, also private ones.';
COMMENT ON COLUMN insight.answers.at IS 'The quarter of an hour of the first claim or answer.';
COMMENT ON COLUMN insight.answers.priority IS 'P1, P2 or P3.';
COMMENT ON COLUMN insight.answers.seconds IS 'From the opening or reopening to the first claim or answer of a responder.';

CREATE VIEW insight.solutions AS
SELECT date_bin('15 minutes', ended_at, TIMESTAMPTZ 'epoch') AS at, 'P' || priority AS priority,
    extract(epoch FROM ended_at - started_at - waited - held)::float8 AS seconds
FROM cycles WHERE resolved;
COMMENT ON VIEW insight.solutions IS 'How long does a solution take? A row for each cycle that was resolved. All tickets, also private ones.';
COMMENT ON COLUMN insight.solutions.at IS 'The quarter of an hour of the solution.';
COMMENT ON COLUMN insight.solutions.priority IS 'P1, P2 or P3.';
COMMENT ON COLUMN insight.solutions.seconds IS 'From the opening or reopening to the solution, less the time in which it waited for the requester or was on hold. Nights and weekends count.';

CREATE VIEW insight.costs AS
SELECT date_bin('15 minutes', t.ended_at, TIMESTAMPTZ 'epoch') AS at, count(*) AS tickets,
    sum(w.replies)::bigint AS replies, sum(w.people)::bigint AS people
FROM tickets t CROSS JOIN LATERAL (
    SELECT count(*) AS replies, count(DISTINCT e.actor) AS people FROM entries e
    WHERE e.ticket = t.number AND e.kind = 'replied' AND e.void = '' AND e.happened_at <= t.ended_at AND NOT EXISTS (
        SELECT FROM entries gone WHERE gone.ticket = t.number AND gone.kind = 'retracted' AND gone.void = ''
            AND gone.details->'message' = e.details->'message')) AS w
WHERE t.state = 'resolved' GROUP BY 1;
COMMENT ON VIEW insight.costs IS 'What did solutions take? Of the tickets that are resolved, over their whole life until then. All tickets, also private ones. Active time is not here: it is told of enough tickets and people only, and a view cannot know how many will be summed up.';
COMMENT ON COLUMN insight.costs.at IS 'The quarter of an hour of the solution.';
COMMENT ON COLUMN insight.costs.tickets IS 'Tickets resolved, and still so.';
COMMENT ON COLUMN insight.costs.replies IS 'Replies of people in their threads, up to the solution; without those that were deleted.';
COMMENT ON COLUMN insight.costs.people IS 'People who wrote them, each counted once a ticket.';

CREATE VIEW insight.categories WITH (security_barrier) AS
SELECT date_bin('15 minutes', opened_at, TIMESTAMPTZ 'epoch') AS at, category, count(*) AS tickets,
    count(*) FILTER (WHERE solution = 'code') AS code_changes
FROM tickets WHERE NOT private GROUP BY 1, 2;
COMMENT ON VIEW insight.categories IS 'Which part of the product is hard to understand? Many tickets and few code changes. Without private tickets, so the tickets are fewer than those that flow has as opened.';
COMMENT ON COLUMN insight.categories.at IS 'The quarter of an hour in which they were opened.';
COMMENT ON COLUMN insight.categories.category IS 'That the tickets have now.';
COMMENT ON COLUMN insight.categories.tickets IS 'Tickets opened.';
COMMENT ON COLUMN insight.categories.code_changes IS 'Of these: solved by a change of code so far.';

CREATE VIEW insight.tickets WITH (security_barrier) AS
SELECT number AS ticket, category, 'P' || priority AS priority, state, solution, opened_at, ended_at, cycle - 1 AS reopened
FROM tickets WHERE NOT private;
COMMENT ON VIEW insight.tickets IS 'Which tickets are there? One row each, without their words, without people and without private tickets.';
COMMENT ON COLUMN insight.tickets.ticket IS 'Its number.';
COMMENT ON COLUMN insight.tickets.category IS 'That it has now.';
COMMENT ON COLUMN insight.tickets.priority IS 'P1, P2 or P3.';
COMMENT ON COLUMN insight.tickets.state IS 'open, claimed, waiting, on_hold, resolved or closed.';
COMMENT ON COLUMN insight.tickets.solution IS 'How it was solved: code, configuration, data, documentation or no_change; empty if nobody has said so.';
COMMENT ON COLUMN insight.tickets.opened_at IS 'When it was opened first.';
COMMENT ON COLUMN insight.tickets.ended_at IS 'When it ended; null if it has not.';
COMMENT ON COLUMN insight.tickets.reopened IS 'How often it was reopened.';

CREATE VIEW insight.cycles WITH (security_barrier) AS
SELECT c.ticket, c.cycle, c.category, 'P' || c.priority AS priority, c.started_at, c.responded_at AS answered_at, c.ended_at, c.resolved,
    c.resolve_due_at AS solve_by,
    CASE WHEN c.resolved THEN c.ended_at <= c.resolve_due_at
        WHEN c.ended_at IS NULL AND c.resolve_due_at < (SELECT business_at + (clock_timestamp() - real_at) * rate FROM business_clock) THEN false
    END AS on_time,
    c.cause AS late_because, c.owner_at_due <> '' AS had_owner_when_late,
    extract(epoch FROM c.responded_at - c.started_at)::float8 AS answered_seconds,
    extract(epoch FROM c.ended_at - c.started_at - c.waited - c.held)::float8 AS ended_seconds,
    extract(epoch FROM c.waited)::float8 AS waited_seconds, extract(epoch FROM c.held)::float8 AS on_hold_seconds
FROM cycles c JOIN tickets t ON t.number = c.ticket WHERE NOT t.private;
COMMENT ON VIEW insight.cycles IS 'How did each promise go? A row for each time that a ticket was opened or reopened. Without private tickets.';
COMMENT ON COLUMN insight.cycles.ticket IS 'The number of the ticket.';
COMMENT ON COLUMN insight.cycles.cycle IS '1 from the opening on, 2 from the first reopening on, and so on.';
COMMENT ON COLUMN insight.cycles.category IS 'That the ticket has now.';
COMMENT ON COLUMN insight.cycles.priority IS 'P1, P2 or P3: at the end of the cycle, or the present one.';
COMMENT ON COLUMN insight.cycles.started_at IS 'When it was opened or reopened.';
COMMENT ON COLUMN insight.cycles.answered_at IS 'The first claim or answer of a responder; null if there is none yet.';
COMMENT ON COLUMN insight.cycles.ended_at IS 'When it was resolved or closed; null if it was not.';
COMMENT ON COLUMN insight.cycles.resolved IS 'Whether it ended by a solution.';
COMMENT ON COLUMN insight.cycles.solve_by IS 'The target; null if there is none, or while the clock stands still.';
COMMENT ON COLUMN insight.cycles.on_time IS 'Whether the promise was kept; null if that is not decided, or does not count.';
COMMENT ON COLUMN insight.cycles.late_because IS 'The cause of lateness: reopened, unclaimed, handed_over, claimed_late, long_wait or long_work; else empty.';
COMMENT ON COLUMN insight.cycles.had_owner_when_late IS 'Whether somebody had the ticket at the target. It means something only if on_time is false.';
COMMENT ON COLUMN insight.cycles.answered_seconds IS 'From the beginning to the first claim or answer.';
COMMENT ON COLUMN insight.cycles.ended_seconds IS 'From the beginning to the end, less pauses.';
COMMENT ON COLUMN insight.cycles.waited_seconds IS 'How long it waited for the requester.';
COMMENT ON COLUMN insight.cycles.on_hold_seconds IS 'How long it was on hold.';

CREATE VIEW insight.threads WITH (security_barrier) AS
SELECT t.number AS ticket, t.category, t.ended_at, w.replies, w.people
FROM tickets t CROSS JOIN LATERAL (
    SELECT count(*) AS replies, count(DISTINCT e.actor) AS people FROM entries e
    WHERE e.ticket = t.number AND e.kind = 'replied' AND e.void = '' AND e.happened_at <= t.ended_at AND NOT EXISTS (
        SELECT FROM entries gone WHERE gone.ticket = t.number AND gone.kind = 'retracted' AND gone.void = ''
            AND gone.details->'message' = e.details->'message')) AS w
WHERE t.state = 'resolved' AND NOT t.private;
COMMENT ON VIEW insight.threads IS 'What did each solution take? A row for each ticket that is resolved. Without private tickets.';
COMMENT ON COLUMN insight.threads.ticket IS 'The number of the ticket.';
COMMENT ON COLUMN insight.threads.category IS 'That it has now.';
COMMENT ON COLUMN insight.threads.ended_at IS 'When it was resolved.';
COMMENT ON COLUMN insight.threads.replies IS 'Replies of people in its thread, up to the solution; without those that were deleted.';
COMMENT ON COLUMN insight.threads.people IS 'How many people wrote them.';

CREATE VIEW insight.targets AS
SELECT adopted_at AS at, version FROM policies;
COMMENT ON VIEW insight.targets IS 'When did targets or opening hours change? A mark for charts.';
COMMENT ON COLUMN insight.targets.at IS 'Since when they apply.';
COMMENT ON COLUMN insight.targets.version IS 'The version of the policy. One that is adopted again has its last time.';

CREATE VIEW insight.people WITH (security_barrier) AS
SELECT t.number AS ticket, t.requester, coalesce(r.name, '') AS requester_name, t.assignee AS owner, coalesce(o.name, '') AS owner_name
FROM tickets t LEFT JOIN people r ON r.id = t.requester LEFT JOIN people o ON o.id = t.assignee
WHERE NOT t.private AND EXISTS (SELECT FROM schedules WHERE name = 'people_named' AND last_at IS NOT NULL);
COMMENT ON VIEW insight.people IS 'Who asked for a ticket, and who has it? Empty unless the setting export.people is on, which the channel is told. Without private tickets.';
COMMENT ON COLUMN insight.people.ticket IS 'The number of the ticket.';
COMMENT ON COLUMN insight.people.requester IS 'The id of who needs it.';
COMMENT ON COLUMN insight.people.requester_name IS 'Their name, as Slack told it last.';
COMMENT ON COLUMN insight.people.owner IS 'The id of who has it, or had it when it ended; empty for nobody.';
COMMENT ON COLUMN insight.people.owner_name IS 'Their name.';

-- +goose Down
DROP SCHEMA insight CASCADE; -- views only: nothing is lost
