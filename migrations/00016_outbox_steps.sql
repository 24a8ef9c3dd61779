-- +goose NO TRANSACTION
-- Each index is built beside the program that uses the table. A build that was cut off leaves
-- an index that is of no use: so each is dropped first.
-- +goose Up

-- What a message goes through on its way changes no indexed column. Then Postgres writes no
-- index entry for it, if there is room on the row's page.
ALTER TABLE outbox SET (fillfactor = 80);

-- What is pending, and due at last: messages that wait for their time are not read.
DROP INDEX CONCURRENTLY IF EXISTS outbox_due;
CREATE INDEX CONCURRENTLY outbox_due ON outbox (due_at) WHERE pending;
DROP INDEX CONCURRENTLY IF EXISTS outbox_pending;

-- What is undeliverable, and what is over, without a condition on the state.
DROP INDEX CONCURRENTLY IF EXISTS outbox_stopped;
CREATE INDEX CONCURRENTLY outbox_stopped ON outbox (id) WHERE NOT pending AND posted < desired;
DROP INDEX CONCURRENTLY IF EXISTS outbox_undeliverable;
DROP INDEX CONCURRENTLY IF EXISTS outbox_over;
CREATE INDEX CONCURRENTLY outbox_over ON outbox (due_at) WHERE NOT pending AND posted_ts = '' AND posted >= desired;
DROP INDEX CONCURRENTLY IF EXISTS outbox_spent;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS outbox_pending;
CREATE INDEX CONCURRENTLY outbox_pending ON outbox (queue, ordering_key, id) WHERE pending;
DROP INDEX CONCURRENTLY IF EXISTS outbox_due;
DROP INDEX CONCURRENTLY IF EXISTS outbox_undeliverable;
CREATE INDEX CONCURRENTLY outbox_undeliverable ON outbox (id) WHERE state = 'undeliverable';
DROP INDEX CONCURRENTLY IF EXISTS outbox_stopped;
DROP INDEX CONCURRENTLY IF EXISTS outbox_spent;
CREATE INDEX CONCURRENTLY outbox_spent ON outbox (due_at) WHERE NOT pending AND posted_ts = '' AND state <> 'undeliverable';
DROP INDEX CONCURRENTLY IF EXISTS outbox_over;
ALTER TABLE outbox RESET (fillfactor);
