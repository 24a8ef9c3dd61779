-- +goose NO TRANSACTION
-- +goose Up

-- Whom a survey has asked, and when. It is built beside the program that uses the table. A build that
-- was cut off leaves an index that is of no use: so it is dropped first.
DROP INDEX CONCURRENTLY IF EXISTS outbox_surveys;
CREATE INDEX CONCURRENTLY outbox_surveys ON outbox (recipient, posted_at) WHERE kind = 'survey';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS outbox_surveys;
