-- +goose NO TRANSACTION
-- +goose Up

-- What requesters said of the solution of a cycle: their stars, those that the ticket got first, and when
-- they gave some in this cycle. The timeline is the truth. They are there once a survey was answered.
ALTER TABLE cycles ADD COLUMN IF NOT EXISTS stars smallint NOT NULL DEFAULT 0;
ALTER TABLE cycles ADD COLUMN IF NOT EXISTS first_stars smallint NOT NULL DEFAULT 0;
ALTER TABLE cycles ADD COLUMN IF NOT EXISTS rated_at timestamptz;
-- It is built beside the program that uses the table.
DROP INDEX CONCURRENTLY IF EXISTS cycles_rated;
CREATE INDEX CONCURRENTLY cycles_rated ON cycles (rated_at) WHERE rated_at IS NOT NULL;

-- +goose Down
-- The columns stay: the version before leaves them alone, and they need not be counted again.
DROP INDEX CONCURRENTLY IF EXISTS cycles_rated;
