-- +goose Up

-- Who came on duty in a squad, and when: facts, one a change. Who is on duty by the settings, and
-- when, is computed; here is what was.
CREATE TABLE duty_shifts (
    squad    text        NOT NULL, -- its name
    since    timestamptz NOT NULL,
    person   text        NOT NULL, -- empty: nobody was on duty from then on
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (squad, since)
);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM duty_shifts) THEN
        RAISE EXCEPTION 'duty_shifts has who was on duty when, which nothing else knows: keep this version, or empty the table first';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE duty_shifts;
