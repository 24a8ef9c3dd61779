-- +goose NO TRANSACTION
-- +goose Up

-- Each statement stands alone, so that nobody waits for the cycles with a lock on all tickets.

-- What day_counts has, of one category each, so that the statistics of a category or of a squad
-- need not read every ticket. Private tickets are not in it: they count in totals only.
CREATE TABLE IF NOT EXISTS category_counts (
    day      date NOT NULL,
    category text NOT NULL,     -- that the tickets have now
    kind     text NOT NULL,     -- what is counted
    priority smallint NOT NULL, -- 0 where it does not matter
    name     text NOT NULL,     -- a cause or a category
    n        bigint NOT NULL,
    took     bigint[],          -- the times taken, in microseconds, the shortest first
    PRIMARY KEY (day, category, kind, priority, name)
);
ALTER TABLE category_counts ALTER took SET STORAGE EXTERNAL;

-- A new category concerns all that is counted.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened timestamptz[] := '{}';
BEGIN
    IF (OLD.category, OLD.private, OLD.solution = 'code') IS DISTINCT FROM (NEW.category, NEW.private, NEW.solution = 'code') THEN
        happened := happened || NEW.opened_at;
    END IF;
    IF (OLD.ended_at, OLD.category, OLD.private, OLD.replies, OLD.people)
        IS DISTINCT FROM (NEW.ended_at, NEW.category, NEW.private, NEW.replies, NEW.people) THEN
        happened := happened || OLD.ended_at || NEW.ended_at;
    END IF;
    INSERT INTO changed_days
    SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM unnest(happened) AS at WHERE at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER IF EXISTS ticket_changed ON tickets;
CREATE TRIGGER ticket_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.category, OLD.private, OLD.solution, OLD.ended_at, OLD.replies, OLD.people)
        IS DISTINCT FROM (NEW.category, NEW.private, NEW.solution, NEW.ended_at, NEW.replies, NEW.people))
    EXECUTE FUNCTION ticket_changed();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cycle_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened timestamptz[] := '{}';
BEGIN
    IF (OLD.started_at, OLD.category) IS DISTINCT FROM (NEW.started_at, NEW.category) THEN
        happened := happened || OLD.started_at || NEW.started_at;
    END IF;
    IF (OLD.responded_at, OLD.started_at, OLD.priority, OLD.category) IS DISTINCT FROM (NEW.responded_at, NEW.started_at, NEW.priority, NEW.category) THEN
        happened := happened || OLD.responded_at || NEW.responded_at;
    END IF;
    IF (OLD.ended_at, OLD.started_at, OLD.waited, OLD.held, OLD.resolved, OLD.resolve_due_at, OLD.priority, OLD.category)
        IS DISTINCT FROM (NEW.ended_at, NEW.started_at, NEW.waited, NEW.held, NEW.resolved, NEW.resolve_due_at, NEW.priority, NEW.category) THEN
        happened := happened || OLD.ended_at || NEW.ended_at;
    END IF;
    IF (OLD.resolve_due_at, OLD.ended_at IS NULL OR OLD.resolved AND OLD.ended_at > OLD.resolve_due_at, OLD.priority, OLD.cause, OLD.owner_at_due = '', OLD.category)
        IS DISTINCT FROM
       (NEW.resolve_due_at, NEW.ended_at IS NULL OR NEW.resolved AND NEW.ended_at > NEW.resolve_due_at, NEW.priority, NEW.cause, NEW.owner_at_due = '', NEW.category) THEN
        happened := happened || OLD.resolve_due_at || NEW.resolve_due_at;
    END IF;
    INSERT INTO changed_days
    SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM unnest(happened) AS at WHERE at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The rows of a ticket count in the category that it has now; in none if it is private.
UPDATE cycles SET category = CASE WHEN private THEN '' ELSE t.category END
FROM tickets t WHERE number = ticket AND cycles.category <> CASE WHEN private THEN '' ELSE t.category END;

DELETE FROM counted_days; -- all days are counted again, with their categories

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened timestamptz[] := '{}';
BEGIN
    IF (OLD.category, OLD.solution = 'code') IS DISTINCT FROM (NEW.category, NEW.solution = 'code') THEN
        happened := happened || NEW.opened_at;
    END IF;
    IF (OLD.ended_at, OLD.replies, OLD.people) IS DISTINCT FROM (NEW.ended_at, NEW.replies, NEW.people) THEN
        happened := happened || OLD.ended_at || NEW.ended_at;
    END IF;
    INSERT INTO changed_days
    SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM unnest(happened) AS at WHERE at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER IF EXISTS ticket_changed ON tickets;
CREATE TRIGGER ticket_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.category, OLD.solution, OLD.ended_at, OLD.replies, OLD.people)
        IS DISTINCT FROM (NEW.category, NEW.solution, NEW.ended_at, NEW.replies, NEW.people))
    EXECUTE FUNCTION ticket_changed();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cycle_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened timestamptz[] := '{}';
BEGIN
    IF OLD.started_at IS DISTINCT FROM NEW.started_at THEN
        happened := happened || OLD.started_at || NEW.started_at;
    END IF;
    IF (OLD.responded_at, OLD.started_at, OLD.priority) IS DISTINCT FROM (NEW.responded_at, NEW.started_at, NEW.priority) THEN
        happened := happened || OLD.responded_at || NEW.responded_at;
    END IF;
    IF (OLD.ended_at, OLD.started_at, OLD.waited, OLD.held, OLD.resolved, OLD.resolve_due_at, OLD.priority)
        IS DISTINCT FROM (NEW.ended_at, NEW.started_at, NEW.waited, NEW.held, NEW.resolved, NEW.resolve_due_at, NEW.priority) THEN
        happened := happened || OLD.ended_at || NEW.ended_at;
    END IF;
    IF (OLD.resolve_due_at, OLD.ended_at IS NULL OR OLD.resolved AND OLD.ended_at > OLD.resolve_due_at, OLD.priority, OLD.cause, OLD.owner_at_due = '')
        IS DISTINCT FROM
       (NEW.resolve_due_at, NEW.ended_at IS NULL OR NEW.resolved AND NEW.ended_at > NEW.resolve_due_at, NEW.priority, NEW.cause, NEW.owner_at_due = '') THEN
        happened := happened || OLD.resolve_due_at || NEW.resolve_due_at;
    END IF;
    INSERT INTO changed_days
    SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM unnest(happened) AS at WHERE at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TABLE IF EXISTS category_counts; -- all of it can be counted again
