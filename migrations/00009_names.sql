-- +goose Up

-- What the names in the settings stood for when Slack knew them last. A channel and a user
-- group keep their id when they are renamed.
CREATE TABLE known_names (
    kind text NOT NULL, -- channel or group
    name text NOT NULL, -- as the settings write it
    id   text NOT NULL,
    PRIMARY KEY (kind, name)
);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM known_names) THEN
        RAISE EXCEPTION 'this would forget what the names in the settings stand for: empty known_names by hand if that is what you want';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE known_names;
