-- +goose Up

-- People whose name is not to be kept: begun, or done. Slack tells it with every profile; it is
-- not stored again.
ALTER TABLE people ADD COLUMN forgotten text NOT NULL DEFAULT '';

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM people WHERE forgotten <> '') THEN
        RAISE EXCEPTION 'this would have the names of forgotten people read again';
    END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE people DROP COLUMN forgotten;
