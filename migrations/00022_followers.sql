-- +goose NO TRANSACTION
-- The index is built beside the program that uses the table. A build that was cut off leaves an
-- index that is of no use: so it is dropped first.
-- +goose Up

-- Who follows a ticket, as its timeline has it. The version before does not write it: what follows
-- from its gestures is here after the next change of the ticket.
ALTER TABLE tickets ADD COLUMN IF NOT EXISTS followers text[] NOT NULL DEFAULT '{}';

-- What was followed before. Each ticket is written from its timeline at its next change.
WITH latest AS (
    SELECT DISTINCT ON (ticket, actor) ticket, actor, kind FROM entries
    WHERE void = '' AND (kind IN ('followed', 'unfollowed') OR kind = 'opened' AND coalesce(details->>'requester', actor) <> actor)
    ORDER BY ticket, actor, happened_at DESC, id DESC),
following AS (
    SELECT ticket, array_agg(actor ORDER BY actor) AS persons FROM latest WHERE kind <> 'unfollowed' GROUP BY ticket)
UPDATE tickets SET followers = persons FROM following WHERE number = ticket AND followers = '{}';

DROP INDEX CONCURRENTLY IF EXISTS tickets_followers;
CREATE INDEX CONCURRENTLY tickets_followers ON tickets USING gin (followers) WITH (fastupdate = off) WHERE followers <> '{}';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_followers;
ALTER TABLE tickets DROP COLUMN IF EXISTS followers; -- all of it is in the timeline
