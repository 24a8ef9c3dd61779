-- +goose Up

-- What the fields of a ticket hold, to find it by. The version before does not write it.
ALTER TABLE tickets ADD COLUMN field_values text NOT NULL DEFAULT '';

-- As in 00020_find.sql, with the fields.
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
DROP TRIGGER words_changed ON tickets;
CREATE TRIGGER words_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.title, OLD.body, OLD.field_values, OLD.category, OLD.requester, OLD.withheld)
        IS DISTINCT FROM (NEW.title, NEW.body, NEW.field_values, NEW.category, NEW.requester, NEW.withheld))
    EXECUTE FUNCTION words_changed();

-- +goose Down
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
    RETURN setweight(to_tsvector(language, t.title), 'A') || setweight(to_tsvector(language, t.body), 'D') || marks;
END $$;
-- +goose StatementEnd
DROP TRIGGER words_changed ON tickets;
CREATE TRIGGER words_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.title, OLD.body, OLD.category, OLD.requester, OLD.withheld)
        IS DISTINCT FROM (NEW.title, NEW.body, NEW.category, NEW.requester, NEW.withheld))
    EXECUTE FUNCTION words_changed();
ALTER TABLE tickets DROP COLUMN field_values; -- all of it is in the timeline
