-- +goose Up

-- Searches for messages of people that have redacted words, until they are done.
CREATE TABLE deletion_searches (
    key     text PRIMARY KEY,
    ticket  bigint NOT NULL REFERENCES tickets,
    actor   text NOT NULL,
    words   bytea NOT NULL,      -- sealed with a key that is not in this database
    threads jsonb NOT NULL,      -- where to look
    since   timestamptz NOT NULL -- business time
);

-- +goose Down
DROP TABLE deletion_searches; -- the same words can be redacted again, which searches again
