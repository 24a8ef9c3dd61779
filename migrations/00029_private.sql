-- +goose Up

-- Whether only the ticket's own people may read it, and who made it so later; for lists, which
-- leave it out for everybody else. The timeline is the truth.
ALTER TABLE tickets ADD COLUMN private boolean NOT NULL DEFAULT false;
ALTER TABLE tickets ADD COLUMN private_by text NOT NULL DEFAULT '';
CREATE INDEX tickets_private ON tickets (number) WHERE private; -- there are none yet

-- What is private from now on is left out of the counts by category, and its words are no longer
-- known as words that are spelled alike.
-- +goose StatementBegin
CREATE FUNCTION ticket_made_private() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known text[] := (
        SELECT tsvector_to_array(words) FROM ticket_words
        WHERE ticket = NEW.number AND ticket <= (SELECT collected FROM word_index));
BEGIN
    INSERT INTO changed_days VALUES ((NEW.opened_at AT TIME ZONE 'UTC')::date);
    UPDATE known_words SET tickets = tickets - 1 WHERE word = ANY (known);
    DELETE FROM known_words WHERE word = ANY (known) AND tickets <= 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_made_private AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (NEW.private AND NOT OLD.private) EXECUTE FUNCTION ticket_made_private();

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM tickets WHERE private) THEN
        RAISE EXCEPTION 'the version before would show private tickets to everybody: keep this one';
    END IF;
END $$;
-- +goose StatementEnd
DROP TRIGGER ticket_made_private ON tickets;
DROP FUNCTION ticket_made_private();
DROP INDEX tickets_private;
ALTER TABLE tickets DROP COLUMN private, DROP COLUMN private_by;
