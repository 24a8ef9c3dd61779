-- +goose Up

-- Who was asked to take a shift, perhaps in exchange for one of theirs, and what became of it.
CREATE TABLE duty_swaps (
    key         text        PRIMARY KEY, -- of the form in which it was asked
    swap        jsonb       NOT NULL,    -- the squad, both shifts, and who was asked
    asked_at    timestamptz NOT NULL,
    answered_at timestamptz,
    accepted    boolean                  -- null while it is not answered
);

-- +goose Down
DROP TABLE duty_swaps; -- only questions; who is on duty is in duty_overrides
