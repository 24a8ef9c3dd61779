-- +goose Up

-- The upload that a message's file is to become, by Slack's id: stored before it is
-- shared, so that what had no answer can be looked for.
ALTER TABLE outbox ADD COLUMN upload text NOT NULL DEFAULT '';

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM outbox WHERE upload <> '') THEN
        RAISE EXCEPTION 'this would forget which files the bot has brought along: clear outbox.upload by hand if that is what you want';
    END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE outbox DROP COLUMN upload;
