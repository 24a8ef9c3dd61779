-- +goose Up

-- What each Home tab should show and shows. Times are real, by this database's own clock.
ALTER TABLE homes
    ADD COLUMN opened_at     timestamptz NOT NULL DEFAULT '-infinity', -- when it was last opened, or used
    ADD COLUMN responder     boolean NOT NULL DEFAULT false,           -- whether they are one, as of the last publication
    ADD COLUMN desired       bigint NOT NULL DEFAULT 0,                -- goes up whenever it may have to show something else
    ADD COLUMN published     bigint NOT NULL DEFAULT 0,                -- the version that was compared with what it shows
    ADD COLUMN pending_since timestamptz,
    ADD COLUMN taken_until   timestamptz,                              -- until then a copy has it in hand
    ADD COLUMN shown         text NOT NULL DEFAULT '';                 -- a digest of what it shows

-- Until where it was looked for what Home tabs may have to show, and when the next can be
-- published without going over the limit.
CREATE TABLE home_news (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    entry           bigint NOT NULL DEFAULT 0, -- the newest entry at the last look
    message         bigint NOT NULL DEFAULT 0, -- the newest row of the outbox
    earlier_entry   bigint NOT NULL DEFAULT 0, -- the same at the look before
    earlier_message bigint NOT NULL DEFAULT 0,
    free_at         timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO home_news DEFAULT VALUES;

-- +goose Down
DROP TABLE home_news;
ALTER TABLE homes
    DROP COLUMN opened_at, DROP COLUMN responder, DROP COLUMN desired, DROP COLUMN published,
    DROP COLUMN pending_since, DROP COLUMN taken_until, DROP COLUMN shown; -- all of it is found out anew
