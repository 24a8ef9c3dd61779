-- +goose NO TRANSACTION
-- Each index is built beside the program that uses the table. A build that was cut off leaves
-- an index that is of no use: so each is dropped first.
-- +goose Up

-- What somebody asked for: first what has not ended, then what ended last.
DROP INDEX CONCURRENTLY IF EXISTS tickets_asked;
CREATE INDEX CONCURRENTLY tickets_asked ON tickets (requester, coalesce(ended_at, 'infinity'), number);

-- What somebody has, and what nobody has, by its deadline.
DROP INDEX CONCURRENTLY IF EXISTS tickets_owner;
CREATE INDEX CONCURRENTLY tickets_owner ON tickets (assignee, resolve_due_at, number) WHERE ended_at IS NULL;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_asked;
DROP INDEX CONCURRENTLY IF EXISTS tickets_owner;
