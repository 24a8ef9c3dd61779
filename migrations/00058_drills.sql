-- +goose Up

-- Drills: tickets that try the ladder of a squad. They have no row in cycles, and are private in
-- tickets, so that nothing counts or lists them; this is their own figure.
CREATE TABLE drills (
    ticket      bigint      PRIMARY KEY REFERENCES tickets,
    squad       text        NOT NULL, -- its name
    began_at    timestamptz NOT NULL,
    answered_at timestamptz,          -- null while nobody has
    ended_at    timestamptz           -- null while it goes on
);
CREATE INDEX drills_squad ON drills (squad, began_at);

-- Who has agreed to drills at night.
CREATE TABLE drill_nights (
    person    text        PRIMARY KEY,
    agreed_at timestamptz NOT NULL
);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM drills) OR EXISTS (SELECT FROM drill_nights) THEN
        RAISE EXCEPTION 'drills has how long drills took, and drill_nights who agreed to them, which nothing else knows: keep this version, or empty the tables first';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE drill_nights;
DROP TABLE drills;
