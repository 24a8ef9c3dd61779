-- +goose Up

-- What the rotas of the settings were when a copy read them last: while copies have read others, as in an update of
-- one after the other, only those who have read the newest hand over.
CREATE TABLE duty_settings (
    only_one boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    mark     text        NOT NULL, -- a hash of them
    since    timestamptz NOT NULL  -- since when a copy has them, by the clock of the database
);

-- +goose Down
DROP TABLE duty_settings; -- each start writes it anew
