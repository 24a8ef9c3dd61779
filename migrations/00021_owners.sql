-- +goose NO TRANSACTION
-- The index is built beside the program that uses the table. A build that was cut off leaves an
-- index that is of no use: so it is dropped first.
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS tickets_assignee;
CREATE INDEX CONCURRENTLY tickets_assignee ON tickets (assignee, opened_at) WHERE assignee <> '';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_assignee;
