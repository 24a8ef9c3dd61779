-- +goose Up

-- Columns get the names that the code has for them; the data stays as it is. The version
-- before knows the old names alone: so this is the one step that needs a stop. No copy can
-- begin to send while it runs, and it does not begin while one does.
LOCK TABLE leases IN SHARE MODE;
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM leases WHERE name = 'sender' AND until > clock_timestamp()) THEN
        RAISE EXCEPTION 'a copy of the program is still running, and this upgrade renames columns that it uses: stop all copies, wait 5 seconds, and start this version';
    END IF;
END $$;
-- +goose StatementEnd

ALTER TABLE outbox RENAME COLUMN lane TO ordering_key;
ALTER TABLE outbox RENAME COLUMN place TO queue;
ALTER TABLE outbox RENAME COLUMN wanted TO desired;
ALTER TABLE outbox RENAME COLUMN shown TO posted;
ALTER TABLE outbox RENAME COLUMN owed TO pending;
ALTER TABLE outbox RENAME COLUMN owed_at TO pending_since;
ALTER TABLE outbox RENAME COLUMN echoed TO observed;
ALTER TABLE outbox RENAME COLUMN echoed_at TO observed_at;
ALTER TABLE outbox RENAME COLUMN said_in TO posted_in;
ALTER TABLE outbox RENAME COLUMN said_ts TO posted_ts;
ALTER TABLE outbox RENAME COLUMN said_at TO posted_at;
ALTER INDEX outbox_owed RENAME TO outbox_pending;
ALTER INDEX outbox_apart RENAME TO outbox_unticketed;
ALTER INDEX outbox_said RENAME TO outbox_posted;
ALTER TABLE alerts RENAME COLUMN said TO notified;
ALTER TABLE people RENAME COLUMN stranger TO external;
ALTER TABLE people RENAME COLUMN gone TO deactivated;

-- The same for what is stored as values.
ALTER TABLE alerts RENAME COLUMN clock TO source;
UPDATE entries SET kind = 'retargeted' WHERE kind = 'repromised';
UPDATE outbox SET details = details || (
    SELECT jsonb_object_agg(key, value - 'clock' || jsonb_build_object('source', value->'clock'))
    FROM jsonb_each(details) WHERE key IN ('alert', 'also', 'escalation'))
WHERE details ?| ARRAY['alert', 'also', 'escalation'];
UPDATE outbox SET details = details - 'offer' || jsonb_build_object('absence', CASE details->>'offer' WHEN 'gone' THEN 'deactivated' ELSE details->>'offer' END)
WHERE details ? 'offer';

-- +goose Down
LOCK TABLE leases IN SHARE MODE;
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM leases WHERE name = 'sender' AND until > clock_timestamp()) THEN
        RAISE EXCEPTION 'a copy of the program is still running, and this step back renames columns that it uses: stop all copies, wait 5 seconds, and try again';
    END IF;
END $$;
-- +goose StatementEnd

ALTER TABLE outbox RENAME COLUMN ordering_key TO lane;
ALTER TABLE outbox RENAME COLUMN queue TO place;
ALTER TABLE outbox RENAME COLUMN desired TO wanted;
ALTER TABLE outbox RENAME COLUMN posted TO shown;
ALTER TABLE outbox RENAME COLUMN pending TO owed;
ALTER TABLE outbox RENAME COLUMN pending_since TO owed_at;
ALTER TABLE outbox RENAME COLUMN observed TO echoed;
ALTER TABLE outbox RENAME COLUMN observed_at TO echoed_at;
ALTER TABLE outbox RENAME COLUMN posted_in TO said_in;
ALTER TABLE outbox RENAME COLUMN posted_ts TO said_ts;
ALTER TABLE outbox RENAME COLUMN posted_at TO said_at;
ALTER INDEX outbox_pending RENAME TO outbox_owed;
ALTER INDEX outbox_unticketed RENAME TO outbox_apart;
ALTER INDEX outbox_posted RENAME TO outbox_said;
ALTER TABLE alerts RENAME COLUMN notified TO said;
ALTER TABLE people RENAME COLUMN external TO stranger;
ALTER TABLE people RENAME COLUMN deactivated TO gone;

ALTER TABLE alerts RENAME COLUMN source TO clock;
UPDATE entries SET kind = 'repromised' WHERE kind = 'retargeted';
UPDATE outbox SET details = details || (
    SELECT jsonb_object_agg(key, value - 'source' || jsonb_build_object('clock', value->'source'))
    FROM jsonb_each(details) WHERE key IN ('alert', 'also', 'escalation'))
WHERE details ?| ARRAY['alert', 'also', 'escalation'];
UPDATE outbox SET details = details - 'absence' || jsonb_build_object('offer', CASE details->>'absence' WHEN 'deactivated' THEN 'gone' ELSE details->>'absence' END)
WHERE details ? 'absence';
