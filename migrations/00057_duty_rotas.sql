-- +goose Up

-- Rotas that people have made, in the place of those of the settings: versions, of which the one that was made
-- last and has begun counts. Rows are added and never changed.
CREATE TABLE duty_rotas (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text        NOT NULL UNIQUE, -- of the form in which it was made
    squad      text        NOT NULL,        -- its name
    rota       jsonb       NOT NULL,        -- who takes turns, how long, and when; or that the settings count again
    valid_from timestamptz NOT NULL,
    made_by    text        NOT NULL,
    made_at    timestamptz NOT NULL
);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM duty_rotas) THEN
        RAISE EXCEPTION 'duty_rotas has rotas that people have made, which nothing else knows: keep this version, or empty the table first';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE duty_rotas;
