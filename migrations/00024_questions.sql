-- +goose Up

-- The messages in the support channel that may be questions. Of each it is known where it stands,
-- who wrote it and when; never what it says. Times are business time.
CREATE TABLE questions (
    channel  text NOT NULL,
    ts       text NOT NULL,
    author   text NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL,
    due_at   timestamptz NOT NULL,           -- from then on it is on Home, if it is not settled
    settled  boolean NOT NULL DEFAULT false, -- somebody has answered it, or it was deleted
    PRIMARY KEY (channel, ts)
);
CREATE INDEX questions_unsettled ON questions (due_at) WHERE NOT settled;
CREATE INDEX questions_asked ON questions (asked_at);

-- +goose Down
DROP TABLE questions; -- only where people wrote in the last days; their messages stand in Slack
