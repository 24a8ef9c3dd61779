-- +goose NO TRANSACTION
-- Finds the tickets that were answered with a saved answer of a name, or with the solution of another
-- ticket. It is built beside the program that uses the table. A build that was cut off leaves an index
-- that is of no use: so it is dropped first.
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS entries_repeated;
CREATE INDEX CONCURRENTLY entries_repeated ON entries ((details ->> 'answer'), ticket) WHERE kind = 'replied' AND details ? 'answer';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS entries_repeated;
