-- +goose Up

-- Who is on duty in a squad in the place of whoever the settings name. Of those that cover a
-- moment the latest counts.
CREATE TABLE duty_overrides (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    squad   text        NOT NULL, -- its name
    person  text        NOT NULL,
    since   timestamptz NOT NULL,
    until   timestamptz NOT NULL,
    made_by text        NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX duty_overrides_until ON duty_overrides (until);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM duty_overrides WHERE until > now()) THEN
        RAISE EXCEPTION 'duty_overrides has who is on duty instead of others, which nothing else knows: keep this version, or empty the table first';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE duty_overrides;
