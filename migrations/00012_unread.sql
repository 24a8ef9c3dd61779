-- +goose Up

-- How far the reading of a gap has come. lap is the reading of cards that is under way: until
-- when its gap is, and the cards with which it began and goes on.
ALTER TABLE watermarks ADD COLUMN lap jsonb;

-- What is still to be read whole: seen_until in watermarks does not hold for it. It is a
-- thread, or with an empty ts the direct messages of the person whose id is in channel.
CREATE TABLE unread (
    channel  text NOT NULL,
    ts       text NOT NULL,
    ticket   bigint NOT NULL,
    changed  boolean NOT NULL, -- there is something new for certain
    since    timestamptz NOT NULL,
    until    timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, ts)
);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM unread) THEN
        RAISE EXCEPTION 'this would forget which threads are still to be read: let a copy read them first, or empty unread by hand';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE unread;
ALTER TABLE watermarks DROP COLUMN lap;
