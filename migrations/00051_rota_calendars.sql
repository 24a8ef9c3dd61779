-- +goose Up

-- Calendars of other programs that say who is on duty, as they were read last: without them nobody would be
-- on duty while an address does not answer.
CREATE TABLE rota_calendars (
    key      text        PRIMARY KEY, -- a hash of its address, which is a secret
    content  text        NOT NULL,    -- the calendar; empty if it was never read
    version  bigint      NOT NULL,    -- goes up with each other content
    etag     text        NOT NULL,    -- what the other program knows the content by
    modified text        NOT NULL,
    asked_at timestamptz NOT NULL,    -- when it was asked for last
    read_at  timestamptz,             -- when it was known to be so last
    failure  text        NOT NULL     -- why it could not be read; empty if it could
);

-- +goose Down
DROP TABLE rota_calendars; -- only copies of what others have
