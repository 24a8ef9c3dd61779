-- +goose NO TRANSACTION
-- +goose Up

-- The kind of work that a ticket is, if a lead has said so; empty for that of its category. The timeline is the
-- truth. The index is built beside the program that uses the table.
ALTER TABLE tickets ADD COLUMN IF NOT EXISTS work text NOT NULL DEFAULT '';
DROP INDEX CONCURRENTLY IF EXISTS tickets_classed;
CREATE INDEX CONCURRENTLY tickets_classed ON tickets (opened_at) WHERE work <> '';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS tickets_classed;
ALTER TABLE tickets DROP COLUMN IF EXISTS work; -- the timeline has it
