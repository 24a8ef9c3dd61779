-- +goose Up

-- What happened on each whole day (UTC), counted once, so that statistics of long spans need
-- not read every ticket. All of it can be counted again from tickets and cycles.
CREATE TABLE day_counts (
    day      date NOT NULL,
    kind     text NOT NULL,     -- what is counted
    priority smallint NOT NULL, -- 0 where it does not matter
    name     text NOT NULL,     -- a cause or a category
    n        bigint NOT NULL,
    took     bigint[],          -- the times taken, in microseconds, the shortest first
    PRIMARY KEY (day, kind, priority, name)
);
ALTER TABLE day_counts ALTER took SET STORAGE EXTERNAL; -- packing would cost more time than it saves

-- The days that have been counted, also those on which nothing happened.
CREATE TABLE counted_days (day date PRIMARY KEY);

-- The days of which something has changed since they were counted. Rows are added by the
-- transaction that makes the change, and deleted by the one that counts the day again: so no
-- transaction waits for another. Statistics do not use the counts of these days.
CREATE TABLE changed_days (day date NOT NULL);

-- A trigger, so that a change by the version before is noted too. Each condition has what is
-- counted on the day of one of the times. OLD is all null in an insert, as NEW is in a delete.
-- Tickets come first, as in every transaction of the program.
-- +goose StatementBegin
CREATE FUNCTION ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- A ticket is opened and resolved with a cycle, whose trigger notes these days.
CREATE TRIGGER ticket_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.category, OLD.solution, OLD.ended_at, OLD.replies, OLD.people)
        IS DISTINCT FROM (NEW.category, NEW.solution, NEW.ended_at, NEW.replies, NEW.people))
    EXECUTE FUNCTION ticket_changed();

-- +goose StatementBegin
CREATE FUNCTION cycle_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER cycle_changed AFTER UPDATE ON cycles FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION cycle_changed();
CREATE TRIGGER cycle_added_or_deleted AFTER INSERT OR DELETE ON cycles FOR EACH ROW EXECUTE FUNCTION cycle_changed();

-- +goose Down
DROP TRIGGER ticket_changed ON tickets;
DROP TRIGGER cycle_added_or_deleted ON cycles;
DROP TRIGGER cycle_changed ON cycles;
DROP FUNCTION ticket_changed();
DROP FUNCTION cycle_changed();
DROP TABLE changed_days, counted_days, day_counts; -- all of it can be counted again
