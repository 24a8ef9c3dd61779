-- +goose Up

-- The copies of the program that are connected to Slack. One that ends, or dies, may have
-- left something in its sockets that nobody handles: what happened since its last sign is
-- read. pulsed_at is business time; alive_at is real, by this database's own clock.
CREATE TABLE connected_copies (
    copy      text PRIMARY KEY,
    channel   text NOT NULL,
    pulsed_at timestamptz NOT NULL,
    alive_at  timestamptz NOT NULL
);

-- +goose Down
DROP TABLE connected_copies;
