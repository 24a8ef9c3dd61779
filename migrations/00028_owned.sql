-- +goose NO TRANSACTION
-- The index has the numbers too, so that a search among what somebody owns reads no ticket. It is
-- built beside the program that uses the table. A build that was cut off leaves an index that is
-- of no use: so it is dropped first.
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS tickets_owned;
CREATE INDEX CONCURRENTLY tickets_owned ON tickets (assignee, opened_at) INCLUDE (number) WHERE assignee <> '';
DROP INDEX CONCURRENTLY IF EXISTS tickets_assignee;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_assignee;
CREATE INDEX CONCURRENTLY tickets_assignee ON tickets (assignee, opened_at) WHERE assignee <> '';
DROP INDEX CONCURRENTLY IF EXISTS tickets_owned;
