-- +goose Up

-- The order in which policies were adopted: one can be adopted again.
CREATE SEQUENCE policy_adoptions;

-- The promise, by version. Timeline entries name the version that applied.
CREATE TABLE policies (
    version    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body       jsonb NOT NULL,
    adopted_at timestamptz NOT NULL,
    adoption   bigint NOT NULL DEFAULT nextval('policy_adoptions') -- the greatest is the current policy's
);
CREATE UNIQUE INDEX policies_body ON policies (md5(body::text));

CREATE SEQUENCE ticket_numbers;

-- What the timeline folds to, for lists and sweeps. The timeline is the truth.
CREATE TABLE tickets (
    number          bigint PRIMARY KEY,
    version         bigint NOT NULL,
    title           text NOT NULL,
    body            text NOT NULL,
    category        text NOT NULL,
    priority        smallint NOT NULL CHECK (priority BETWEEN 1 AND 3),
    state           text NOT NULL,
    requester       text NOT NULL,
    assignee        text NOT NULL DEFAULT '',
    withheld        boolean NOT NULL DEFAULT false,
    cycle           integer NOT NULL,
    opened_at       timestamptz NOT NULL,
    ended_at        timestamptz,
    solution        text NOT NULL DEFAULT '',
    replies         integer NOT NULL DEFAULT 0,
    people          integer NOT NULL DEFAULT 0,
    resolve_due_at  timestamptz, -- null if nothing is promised, or due as things are
    next_at         timestamptz,
    policy          integer NOT NULL DEFAULT 0 -- the version that its promise was last compared with
);
CREATE INDEX tickets_next ON tickets (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX tickets_policy ON tickets (policy) WHERE ended_at IS NULL;
CREATE INDEX tickets_unended ON tickets (resolve_due_at) WHERE ended_at IS NULL;
CREATE INDEX tickets_requester ON tickets (requester, number);
CREATE INDEX tickets_opened ON tickets (opened_at);
CREATE INDEX tickets_ended ON tickets (ended_at) WHERE ended_at IS NOT NULL;

-- The timeline. Entries are added, never changed, but for void: an entry that
-- comes late can make another one possible, or impossible, at its moment.
CREATE TABLE entries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket      bigint NOT NULL REFERENCES tickets,
    kind        text NOT NULL,
    actor       text NOT NULL,
    role        text NOT NULL,
    gesture     text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    inexact     boolean NOT NULL DEFAULT false,
    void        text NOT NULL DEFAULT '',
    details     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX entries_ticket ON entries (ticket);

-- One promise of one cycle, kept or broken: what statistics count. Rewritten
-- with every change of the ticket, so that it always agrees with the timeline.
CREATE TABLE cycles (
    ticket         bigint NOT NULL REFERENCES tickets,
    cycle          integer NOT NULL,
    priority       smallint NOT NULL,
    category       text NOT NULL,
    started_at     timestamptz NOT NULL,
    responded_at   timestamptz,
    respond_due_at timestamptz, -- null if nothing is promised, or due as things are: then
    resolve_due_at timestamptz, -- nothing counts as kept or broken
    ended_at       timestamptz,
    resolved       boolean NOT NULL DEFAULT false, -- ended by a solution; closing leaves the count
    owner_at_due   text NOT NULL DEFAULT '',       -- who had it when it became late
    cause          text NOT NULL DEFAULT '',       -- of lateness, once its deadline has passed
    waited         interval NOT NULL DEFAULT '0',  -- for answers of the requester
    held           interval NOT NULL DEFAULT '0',  -- for something outside
    PRIMARY KEY (ticket, cycle)
);
CREATE INDEX cycles_started ON cycles (started_at);
CREATE INDEX cycles_due ON cycles (resolve_due_at);
CREATE INDEX cycles_ended ON cycles (ended_at);

-- What the clocks have said. Each step of each promise is here once at most.
CREATE TABLE alerts (
    ticket     bigint NOT NULL REFERENCES tickets,
    cycle      integer NOT NULL,
    clock      text NOT NULL,
    promise    integer NOT NULL,
    step       text NOT NULL,
    at         timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    said       boolean NOT NULL, -- false: a graver one was said instead
    PRIMARY KEY (ticket, cycle, clock, promise, step)
);

-- The keys of what came in, so that nothing is applied twice. Kept for 7 days.
CREATE TABLE inputs (
    key     text PRIMARY KEY,
    ticket  bigint NOT NULL,
    content text NOT NULL DEFAULT '',
    seen_at timestamptz NOT NULL
);
CREATE INDEX inputs_seen ON inputs (seen_at);

-- Every message that is or was a ticket's card: replies under each of them
-- belong to the ticket.
CREATE TABLE ticket_threads (
    channel text NOT NULL,
    ts      text NOT NULL,
    ticket  bigint NOT NULL REFERENCES tickets,
    current boolean NOT NULL,
    PRIMARY KEY (channel, ts)
);
CREATE UNIQUE INDEX ticket_threads_current ON ticket_threads (ticket) WHERE current;

-- Until when everything that happened in a channel is known. Slack forgets what
-- happens while no copy is connected: what lies between seen_until and
-- unbroken_since is to be read afterwards. Business time.
CREATE TABLE watermarks (
    channel        text PRIMARY KEY,
    seen_until     timestamptz NOT NULL,
    unbroken_since timestamptz NOT NULL, -- since then a copy has been connected at any time
    pulsed_at      timestamptz NOT NULL  -- when one was last
);

-- What should stand in Slack: one row a message. It is owed while it shows an
-- older version than is wanted. Lanes are said in the order of their ids.
-- due_at and said_at are business time; the other times are real, by this
-- database's own clock.
CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane        text NOT NULL,
    place       text NOT NULL, -- support, digest or page: each is served by hands of its own
    kind        text NOT NULL,
    ticket      bigint REFERENCES tickets,
    recipient   text NOT NULL DEFAULT '',
    urgency     smallint NOT NULL,
    details     jsonb NOT NULL DEFAULT '{}',
    wanted      bigint NOT NULL DEFAULT 1,
    shown       bigint NOT NULL DEFAULT 0,
    owed        boolean GENERATED ALWAYS AS (shown < wanted AND state NOT IN ('dropped', 'undeliverable')) STORED,
    echoed      bigint NOT NULL DEFAULT 0,       -- the newest version that Slack has told us of
    due_at      timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting', -- waiting, sending, unsure, parked, undeliverable, dropped
    reason      text NOT NULL DEFAULT '',        -- why it is not said
    epoch       bigint NOT NULL DEFAULT 0,       -- of the sender that tried last
    attempts    integer NOT NULL DEFAULT 0,
    looked      integer NOT NULL DEFAULT 0,      -- how often an unsure message was looked for
    tried_at    timestamptz,
    not_before  timestamptz,
    owed_at     timestamptz NOT NULL DEFAULT clock_timestamp(), -- what waited long is promoted
    said_in     text NOT NULL DEFAULT '',        -- the channel it stands in
    said_ts     text NOT NULL DEFAULT '',
    said_at     timestamptz
);
-- A column of its own, because the planner has statistics of columns only: it
-- knows then that almost nothing is owed. What is owed changes all the time, and
-- the index has to be tidied as often.
CREATE INDEX outbox_owed ON outbox (place, lane, id) WHERE owed;
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX outbox_undeliverable ON outbox (id) WHERE state = 'undeliverable';
CREATE INDEX outbox_ticket ON outbox (ticket, kind);
CREATE INDEX outbox_apart ON outbox (lane, id) WHERE ticket IS NULL;
CREATE INDEX outbox_said ON outbox (said_in, said_ts) WHERE said_ts <> '';

-- Who may send. Times are the database's own: copies' clocks need not agree.
CREATE TABLE leases (
    name   text PRIMARY KEY,
    holder text NOT NULL,
    epoch  bigint NOT NULL,
    until  timestamptz NOT NULL
);

-- Until when Slack has asked us not to call a method (real time).
CREATE TABLE slack_limits (
    method     text PRIMARY KEY,
    not_before timestamptz NOT NULL
);

-- What is periodic, keyed by the instant it is next due.
CREATE TABLE schedules (
    name    text PRIMARY KEY,
    spec    text NOT NULL,        -- the expression that next_at was computed from
    next_at timestamptz,
    last_at timestamptz           -- what came before it has been told
);

-- People as Slack described them last.
CREATE TABLE people (
    id         text PRIMARY KEY,
    name       text NOT NULL,
    zone       text NOT NULL DEFAULT '',
    bot        boolean NOT NULL DEFAULT false,
    guest      boolean NOT NULL DEFAULT false,
    stranger   boolean NOT NULL DEFAULT false, -- of another workspace
    gone       boolean NOT NULL DEFAULT false, -- deactivated
    status     text NOT NULL DEFAULT '',       -- emoji of their status
    status_end timestamptz,                    -- real time; null: it does not end by itself
    fetched_at timestamptz NOT NULL
);

-- Who is in which channel, or in which user group.
CREATE TABLE members (
    place  text NOT NULL,
    person text NOT NULL,
    PRIMARY KEY (person, place)
);
CREATE INDEX members_place ON members (place);

-- The business clock, the same for all copies: at the real time real_at it
-- showed business_at, and since then it has run at this rate.
CREATE TABLE business_clock (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    real_at     timestamptz NOT NULL,
    business_at timestamptz NOT NULL,
    rate        double precision NOT NULL CHECK (rate >= 0)
);
INSERT INTO business_clock VALUES (true, 'epoch', 'epoch', 1);

-- +goose StatementBegin
-- Raises unless exactly one row was changed: it makes a whole batch fail when
-- the version it was decided on is no longer the stored one.
CREATE FUNCTION expect_one(changed bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF changed <> 1 THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = '40001';
    END IF;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM tickets) THEN
        RAISE EXCEPTION 'this would delete all tickets: drop the database by hand if that is what you want';
    END IF;
END $$;
-- +goose StatementEnd
DROP FUNCTION expect_one(bigint);
DROP TABLE business_clock, members, people, schedules, slack_limits, leases, outbox, watermarks,
    ticket_threads, inputs, alerts, cycles, entries, tickets, policies;
DROP SEQUENCE ticket_numbers, policy_adoptions;
