-- +goose NO TRANSACTION
-- +goose Up

-- The few tickets by which answers are written down. The index is built beside the program that uses the table.
DROP INDEX CONCURRENTLY IF EXISTS tickets_written_down;
CREATE INDEX CONCURRENTLY tickets_written_down ON tickets (number) WHERE title LIKE 'Write down: %';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_written_down;
