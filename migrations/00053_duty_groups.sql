-- +goose Up

-- What the bot last did about the user group of who is on duty in a squad.
CREATE TABLE duty_groups (
    squad    text        PRIMARY KEY, -- its name
    group_id text        NOT NULL,
    person   text        NOT NULL,    -- who is to be in it, alone
    tried_at timestamptz NOT NULL,
    failure  text        NOT NULL     -- Slack's word for why it could not be changed; empty if it is so
);

-- +goose Down
DROP TABLE duty_groups; -- Slack has who is in a group
