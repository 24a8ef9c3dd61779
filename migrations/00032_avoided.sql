-- +goose Up

-- Forms that somebody did not send, because a solved ticket that the form showed had solved it. Who
-- that was, and what they had written, is nowhere.
CREATE TABLE avoided_tickets (
    form   text PRIMARY KEY, -- Slack's id of the form, so that it counts once
    ticket bigint NOT NULL REFERENCES tickets,
    at     timestamptz NOT NULL
);
CREATE INDEX avoided_tickets_at ON avoided_tickets (at);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM avoided_tickets) THEN
        RAISE EXCEPTION 'forms were avoided: they are counted nowhere else';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE avoided_tickets;
