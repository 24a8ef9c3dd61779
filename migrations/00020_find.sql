-- +goose Up

-- The words of each ticket, as people search them. Not a column of tickets: those change with
-- every gesture, and each change would write the index of words again.
CREATE TABLE ticket_words (
    ticket bigint PRIMARY KEY REFERENCES tickets,
    words  tsvector NOT NULL
);
-- New words are put aside first, so that opening a ticket waits for no more than one page. A job
-- of the program sorts them in. It comes before there are 8 MB.
CREATE INDEX ticket_words_words ON ticket_words USING gin (words) WITH (gin_pending_list_limit = 8192);

-- All words, for completing what was typed, and for words that are spelled alike. A job adds to it.
CREATE TABLE known_words (
    word    text COLLATE "C" PRIMARY KEY,
    tickets bigint NOT NULL
);

-- How tickets are read into ticket_words.
CREATE TABLE word_index (
    language  text NOT NULL,   -- a text search configuration
    older     bigint NOT NULL, -- tickets up to this number are still to be read
    collected bigint NOT NULL  -- the words of tickets up to this number are in known_words
);
INSERT INTO word_index SELECT 'english', coalesce(max(number), 0), coalesce(max(number), 0) FROM tickets;

-- What a ticket is found by. Besides its words: the part of all tickets that it belongs to, by its
-- number, in four sizes, so that the newest can be searched first; its requester and category.
-- None of them can be a word, because of how it begins.
-- +goose StatementBegin
CREATE FUNCTION found_by(t tickets) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
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

-- A trigger, so that a ticket that the version before opens is found too.
-- +goose StatementBegin
CREATE FUNCTION words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone text[] := (
        SELECT array_agg(word ORDER BY word) FROM unnest(tsvector_to_array((SELECT words FROM ticket_words WHERE ticket = NEW.number))) AS word
        WHERE TG_OP = 'UPDATE' AND word <> ALL (tsvector_to_array(found_by(NEW))));
BEGIN
    IF gone IS NOT NULL THEN -- a word that was redacted is nowhere
        UPDATE known_words SET tickets = tickets - 1 WHERE word = ANY (gone);
        DELETE FROM known_words WHERE word = ANY (gone) AND tickets <= 0;
    END IF;
    INSERT INTO ticket_words VALUES (NEW.number, found_by(NEW))
    ON CONFLICT (ticket) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER words_added AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION words_changed();
CREATE TRIGGER words_changed AFTER UPDATE ON tickets FOR EACH ROW
    WHEN ((OLD.title, OLD.body, OLD.category, OLD.requester, OLD.withheld)
        IS DISTINCT FROM (NEW.title, NEW.body, NEW.category, NEW.requester, NEW.withheld))
    EXECUTE FUNCTION words_changed();

-- Words that are spelled alike need the extension pg_trgm. Without it, or without the right to
-- create it, all else works. The program calls this again whenever it migrates.
-- +goose StatementBegin
CREATE FUNCTION use_trigrams() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('known_words_alike') IS NOT NULL THEN
        RETURN true;
    END IF;
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        EXECUTE 'CREATE INDEX known_words_alike ON known_words USING gin (word gin_trgm_ops)';
    EXCEPTION WHEN OTHERS THEN
        RETURN false;
    END;
    RETURN true;
END $$;
-- +goose StatementEnd
SELECT use_trigrams();

-- +goose Down
DROP TRIGGER words_added ON tickets;
DROP TRIGGER words_changed ON tickets;
DROP FUNCTION words_changed();
DROP FUNCTION found_by(tickets);
DROP FUNCTION use_trigrams();
DROP TABLE ticket_words, known_words, word_index; -- all of it can be read again
