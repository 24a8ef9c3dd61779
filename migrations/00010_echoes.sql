-- +goose Up

-- When Slack showed the version in echoed, or a later one that is older: of what it tells
-- in any order, the latest stands. Unknown for what a previous version of the program noted.
ALTER TABLE outbox ADD COLUMN echoed_at timestamptz;

-- +goose Down
ALTER TABLE outbox DROP COLUMN echoed_at; -- only what Slack was heard to show; nothing that people wrote
