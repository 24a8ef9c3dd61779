-- What a sender needs to take many messages at once. The version before runs on beside it: it
-- neither reads nor writes these columns.

-- +goose Up
ALTER TABLE outbox ADD COLUMN destination text NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN doubted boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE outbox DROP COLUMN destination; -- where a message waits for Slack's limit; found out anew
ALTER TABLE outbox DROP COLUMN doubted;     -- of messages that are being sent
