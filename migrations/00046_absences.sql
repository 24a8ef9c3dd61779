-- +goose Up

-- Channels that the bot is not in, and since when. Slack sends nothing of what happens there
-- meanwhile, so it is read once the bot is back. The time is business time.
CREATE TABLE absences (
    channel text PRIMARY KEY,
    since   timestamptz NOT NULL
);

-- +goose Down
DROP TABLE absences;
