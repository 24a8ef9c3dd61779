-- +goose Up

-- Ended tickets are found by their owner in the index of words, too. Open ones are few, have an index
-- of owners, and change their owner more often. What ended before is marked by a job of the program,
-- the newest first: ended tickets up to this number are not marked yet.
ALTER TABLE word_index ADD COLUMN unmarked bigint NOT NULL DEFAULT 0;
UPDATE word_index SET unmarked = (SELECT coalesce(max(number), 0) FROM tickets);

-- The mark of a ticket's owner; none while it is open.
-- +goose StatementBegin
CREATE FUNCTION owner_mark(t tickets) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN t.ended_at IS NULL OR t.assignee = '' THEN ''::tsvector ELSE array_to_tsvector(ARRAY['%' || t.assignee]) END
$$;
-- +goose StatementEnd

-- As in 00027_find_fields.sql, with the owner.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION found_by(t tickets) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    language regconfig := (SELECT i.language::regconfig FROM word_index i);
    marks tsvector := array_to_tsvector(ARRAY['#10:' || (t.number >> 10), '#13:' || (t.number >> 13), '#16:' || (t.number >> 16), '#18:' || (t.number >> 18),
        '@' || t.requester, '~' || md5(t.category)]) || owner_mark(t);
BEGIN
    IF t.withheld THEN
        RETURN marks;
    END IF;
    RETURN setweight(to_tsvector(language, t.title), 'A') || setweight(to_tsvector(language, t.body), 'D')
        || setweight(to_tsvector(language, t.field_values), 'D') || marks;
END $$;
-- +goose StatementEnd

-- The words stay as they are: reading them again would cost more than the mark.
-- +goose StatementBegin
CREATE FUNCTION owner_marked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ticket_words SET words = ts_delete(words, '%' || OLD.assignee) || owner_mark(NEW) WHERE ticket = NEW.number;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER owner_marked AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (owner_mark(OLD) IS DISTINCT FROM owner_mark(NEW)) EXECUTE FUNCTION owner_marked();

-- +goose Down
DROP TRIGGER owner_marked ON tickets;
DROP FUNCTION owner_marked();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION found_by(t tickets) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    language regconfig := (SELECT i.language::regconfig FROM word_index i);
    marks tsvector := array_to_tsvector(ARRAY['#10:' || (t.number >> 10), '#13:' || (t.number >> 13), '#16:' || (t.number >> 16), '#18:' || (t.number >> 18),
        '@' || t.requester, '~' || md5(t.category)]);
BEGIN
    IF t.withheld THEN
        RETURN marks;
    END IF;
    RETURN setweight(to_tsvector(language, t.title), 'A') || setweight(to_tsvector(language, t.body), 'D')
        || setweight(to_tsvector(language, t.field_values), 'D') || marks;
END $$;
-- +goose StatementEnd
DROP FUNCTION owner_mark(tickets);
ALTER TABLE word_index DROP COLUMN unmarked;
