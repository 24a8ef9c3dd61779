-- The sessions of the web page for leads, by the hash of the id that the browser has. Copies of an
-- earlier version have no web page.
-- +goose Up
CREATE TABLE web_sessions (
    hash     bytea       PRIMARY KEY,
    person   text        NOT NULL,
    began_at timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL
);

-- +goose Down
DROP TABLE web_sessions; -- people sign in again
