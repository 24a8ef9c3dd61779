-- +goose NO TRANSACTION
-- +goose Up

-- When somebody said thanks for a ticket last; null if nobody does. The timeline is the truth. The index is built
-- beside the program that uses the table.
ALTER TABLE tickets ADD COLUMN IF NOT EXISTS thanked_at timestamptz;
DROP INDEX CONCURRENTLY IF EXISTS tickets_thanked;
CREATE INDEX CONCURRENTLY tickets_thanked ON tickets (thanked_at) WHERE thanked_at IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_thanked;
ALTER TABLE tickets DROP COLUMN IF EXISTS thanked_at; -- the timeline has it
