-- +goose Up

-- What the tickets took that were resolved on each day (UTC), and still are: the sums of their
-- threads. All of it can be counted again from the timeline.
CREATE TABLE day_costs (
    day      date NOT NULL,
    category text NOT NULL,     -- that the tickets have now; empty for private ones
    tickets  bigint NOT NULL,
    replies  bigint NOT NULL,
    people   bigint NOT NULL,   -- each counted once a ticket
    active   bigint NOT NULL,   -- microseconds
    marks    integer[] NOT NULL, -- of up to three of the people, to know whether three different ones wrote
    PRIMARY KEY (day, category)
);

-- The three costliest threads of each day and category, in which three people wrote or more.
CREATE TABLE day_threads (
    day      date NOT NULL,
    category text NOT NULL,
    ticket   bigint NOT NULL,
    replies  bigint NOT NULL,
    people   bigint NOT NULL,
    active   bigint NOT NULL,   -- microseconds
    PRIMARY KEY (day, ticket)
);

-- The longest pause between two replies of a person that counted as active. It is a setting: with
-- another one, the day is counted again.
ALTER TABLE counted_days ADD COLUMN pause interval NOT NULL DEFAULT '0';

-- A reply, or one that no longer stands, changes what its ticket took, if the ticket has ended.
-- +goose StatementBegin
CREATE FUNCTION thread_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_days
    SELECT (ended_at AT TIME ZONE 'UTC')::date FROM tickets WHERE number = NEW.ticket AND ended_at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER thread_changed AFTER INSERT OR UPDATE OF void, actor ON entries FOR EACH ROW
    WHEN (NEW.kind IN ('replied', 'retracted')) EXECUTE FUNCTION thread_changed();

-- +goose Down
DROP TRIGGER thread_changed ON entries;
DROP FUNCTION thread_changed();
ALTER TABLE counted_days DROP COLUMN pause;
DROP TABLE day_threads, day_costs; -- all of it can be counted again
