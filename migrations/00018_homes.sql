-- +goose Up

-- The Home tab of each person.
CREATE TABLE homes (
    person text PRIMARY KEY,
    choice jsonb NOT NULL DEFAULT '{}' -- what they have chosen to see
);

-- +goose Down
DROP TABLE homes; -- only pages that people turned; nothing that they wrote
