-- +goose NO TRANSACTION
-- +goose Up

-- To whom tickets were offered last.
DROP INDEX CONCURRENTLY IF EXISTS outbox_offered;
CREATE INDEX CONCURRENTLY outbox_offered ON outbox (recipient, due_at) WHERE kind = 'offered';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS outbox_offered;
