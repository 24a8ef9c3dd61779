-- +goose Up

-- Whom the ladder called, and when: facts, one a call. Neither they nor what people said of them are
-- changed: who corrects something adds a row.
CREATE TABLE duty_pages (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    squad     text        NOT NULL, -- its name; empty for none
    person    text        NOT NULL,
    called_at timestamptz NOT NULL,
    ticket    bigint      NOT NULL, -- a number; the ticket may be gone
    priority  smallint    NOT NULL,
    step      text        NOT NULL, -- of the ladder
    night     boolean     NOT NULL, -- it was night where the person is
    woke      boolean     NOT NULL  -- presumed: at night, and by a page
);
CREATE INDEX duty_pages_called_at ON duty_pages (called_at);

-- Whether a call woke somebody, as they say. The last row of a call counts.
CREATE TABLE duty_page_words (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    page    bigint      NOT NULL REFERENCES duty_pages,
    woke    boolean     NOT NULL,
    said_at timestamptz NOT NULL
);
CREATE INDEX duty_page_words_page ON duty_page_words (page, id);

-- +goose StatementBegin
CREATE FUNCTION keep_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% has facts, which are never changed: add a row', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_fact BEFORE UPDATE OR DELETE ON duty_pages FOR EACH ROW EXECUTE FUNCTION keep_fact();
CREATE TRIGGER keep_fact BEFORE UPDATE OR DELETE ON duty_page_words FOR EACH ROW EXECUTE FUNCTION keep_fact();

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM duty_pages) THEN
        RAISE EXCEPTION 'duty_pages has who was called when, which nothing else knows: keep this version, or empty the tables first';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE duty_page_words;
DROP TABLE duty_pages;
DROP FUNCTION keep_fact();
