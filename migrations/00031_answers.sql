-- +goose NO TRANSACTION
-- Finds what somebody answered: saved answers, and notes on solutions. It is built beside the
-- program that uses the table. A build that was cut off leaves an index that is of no use: so it
-- is dropped first.
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS entries_answers;
CREATE INDEX CONCURRENTLY entries_answers ON entries (actor, happened_at)
    WHERE kind = 'replied' AND details ? 'answer' OR kind = 'resolved' AND details ? 'note';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS entries_answers;
