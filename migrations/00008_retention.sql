-- +goose NO TRANSACTION
-- Each index is built beside the program that uses the table. A build that was cut off
-- leaves an index that is of no use: so each is dropped first.
-- +goose Up

-- By these, what may go is found among all that stays. Sources are kept for ever.
DROP INDEX CONCURRENTLY IF EXISTS inputs_passing;
CREATE INDEX CONCURRENTLY inputs_passing ON inputs (seen_at) WHERE key NOT LIKE 'source:%';
DROP INDEX CONCURRENTLY IF EXISTS inputs_seen;

DROP INDEX CONCURRENTLY IF EXISTS alerts_decided;
CREATE INDEX CONCURRENTLY alerts_decided ON alerts (decided_at);

-- What is not owed and stands nowhere.
DROP INDEX CONCURRENTLY IF EXISTS outbox_spent;
CREATE INDEX CONCURRENTLY outbox_spent ON outbox (due_at)
    WHERE NOT owed AND said_ts = '' AND state <> 'undeliverable';

DROP INDEX CONCURRENTLY IF EXISTS outbox_words;
CREATE INDEX CONCURRENTLY outbox_words ON outbox (due_at)
    WHERE NOT owed AND details ?| ARRAY['text', 'words'];

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS inputs_seen;
CREATE INDEX CONCURRENTLY inputs_seen ON inputs (seen_at);
DROP INDEX CONCURRENTLY IF EXISTS inputs_passing;
DROP INDEX CONCURRENTLY IF EXISTS alerts_decided;
DROP INDEX CONCURRENTLY IF EXISTS outbox_spent;
DROP INDEX CONCURRENTLY IF EXISTS outbox_words;
