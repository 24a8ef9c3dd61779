-- +goose Up

-- In which channel a ticket lives: empty for the support channel, as before.
ALTER TABLE tickets ADD COLUMN channel text NOT NULL DEFAULT '';

-- The channels, other than the support channel, that are or were a squad's home. Tickets go on
-- living there when the settings name another.
CREATE TABLE home_channels (
    channel text PRIMARY KEY
);

-- +goose Down
DROP TABLE home_channels;
ALTER TABLE tickets DROP COLUMN channel; -- the timeline has it
