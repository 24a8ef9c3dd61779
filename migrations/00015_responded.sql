-- +goose NO TRANSACTION
-- Built beside the program that uses the table. A build that was cut off leaves an index that
-- is of no use: so it is dropped first.
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS cycles_responded;
CREATE INDEX CONCURRENTLY cycles_responded ON cycles (responded_at);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS cycles_responded;
