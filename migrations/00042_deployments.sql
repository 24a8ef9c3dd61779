-- +goose NO TRANSACTION
-- +goose Up

-- Each statement stands alone, so that nobody waits for an index with a lock on all tickets.

-- What pipelines have reported: that a version of a service went into production.
CREATE TABLE IF NOT EXISTS deployments (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL UNIQUE, -- of the report, so that it is stored once
    content     text NOT NULL,        -- a digest of what was reported
    service     text NOT NULL,
    version     text NOT NULL,
    url         text NOT NULL,
    deployed_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    reports     integer NOT NULL DEFAULT 1 -- how often it was reported
);
CREATE INDEX IF NOT EXISTS deployments_service ON deployments (service, deployed_at, id);
CREATE INDEX IF NOT EXISTS deployments_at ON deployments (deployed_at);

-- Whether a ticket is an incident, and which deployment caused it: 0 for the last one of its
-- service before it was opened, -1 for none. The timeline is the truth.
ALTER TABLE tickets ADD COLUMN IF NOT EXISTS incident boolean NOT NULL DEFAULT false;
ALTER TABLE tickets ADD COLUMN IF NOT EXISTS deployment bigint NOT NULL DEFAULT 0;
DROP INDEX CONCURRENTLY IF EXISTS tickets_incidents;
CREATE INDEX CONCURRENTLY tickets_incidents ON tickets (opened_at) WHERE incident;
DROP INDEX CONCURRENTLY IF EXISTS tickets_recovered;
CREATE INDEX CONCURRENTLY tickets_recovered ON tickets (ended_at) WHERE incident;
DROP INDEX CONCURRENTLY IF EXISTS tickets_caused;
CREATE INDEX CONCURRENTLY tickets_caused ON tickets (deployment) WHERE incident AND deployment > 0;

-- How settings were, each time they were not as before. What charts mark are the changes.
CREATE TABLE IF NOT EXISTS setting_states (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind  text NOT NULL, -- hours, targets or categories
    state text NOT NULL, -- a digest of them
    at    timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS setting_states_kind ON setting_states (kind, id);

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM deployments) THEN
        RAISE EXCEPTION 'deployments were reported: they are nowhere else';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE IF EXISTS deployments, setting_states;
ALTER TABLE tickets DROP COLUMN IF EXISTS incident, DROP COLUMN IF EXISTS deployment; -- the timeline has them
