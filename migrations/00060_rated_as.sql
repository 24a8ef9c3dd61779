-- +goose NO TRANSACTION
-- +goose Up

-- What the groups of ratings are cut by, as it was when the rating was given. By what a ticket is now, whoever made
-- one private, or moved it, between two readings would know its stars by their difference.
ALTER TABLE cycles ADD COLUMN IF NOT EXISTS rated_category text, ADD COLUMN IF NOT EXISTS rated_private boolean,
    ADD COLUMN IF NOT EXISTS rated_requester text, ADD COLUMN IF NOT EXISTS rated_owner text;

-- A trigger, so that the version before notes it too, while it runs.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cycle_rated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rated_at IS NULL THEN
        NEW.rated_category := NULL; NEW.rated_private := NULL; NEW.rated_requester := NULL; NEW.rated_owner := NULL;
    ELSE
        SELECT category, private, requester, assignee INTO NEW.rated_category, NEW.rated_private, NEW.rated_requester, NEW.rated_owner
        FROM tickets WHERE number = NEW.ticket;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
DROP TRIGGER IF EXISTS cycle_rated ON cycles;
CREATE TRIGGER cycle_rated BEFORE INSERT OR UPDATE ON cycles FOR EACH ROW
    WHEN ((NEW.rated_at IS NULL) <> (NEW.rated_private IS NULL)) EXECUTE FUNCTION cycle_rated();

-- Of what was rated before, what the tickets are now.
UPDATE cycles SET rated_private = NULL WHERE rated_at IS NOT NULL AND rated_private IS NULL;

-- As in 00055, by what was noted.
CREATE OR REPLACE VIEW insight.ratings WITH (security_barrier) AS
WITH final AS (
    SELECT date_trunc('week', business_at + (clock_timestamp() - real_at) * rate - interval '168 hours', 'UTC') AS until FROM business_clock
), given AS (
    SELECT date_trunc('week', rated_at, 'UTC') AS week, rated_category AS category, first_stars, stars,
        rated_requester AS requester, nullif(rated_owner, '') AS owner
    FROM cycles WHERE NOT rated_private AND rated_at < (SELECT until FROM final)
), enough AS (
    SELECT week, category FROM given GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
), placed AS (
    SELECT given.*, coalesce(enough.category, '') AS told,
        date_trunc('week', date_trunc('month', week, 'UTC') + interval '144 hours', 'UTC') AS month
    FROM given LEFT JOIN enough USING (week, category)
), cells AS (
    SELECT week, told FROM placed GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
), rest AS (
    SELECT placed.* FROM placed LEFT JOIN cells USING (week, told) WHERE cells.week IS NULL
), months AS (
    SELECT month, date_trunc('week', date_trunc('month', month + interval '840 hours', 'UTC') + interval '144 hours', 'UTC') AS until
    FROM rest GROUP BY 1
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
)
SELECT week, told AS category, first_stars, stars, week + interval '168 hours' AS until FROM placed JOIN cells USING (week, told)
UNION ALL
SELECT month, '', first_stars, stars, months.until FROM rest JOIN months USING (month) WHERE months.until <= (SELECT until FROM final);
COMMENT ON VIEW insight.ratings IS 'How was the help? A row for each answer, in groups of five or more answers of three people or more about tickets of two people or more: of a week and category, of what is left of a week, and of what is left of the weeks of a month. Other answers are left out, and so are those of the present week and of the week before, which can still be changed. Without tickets that were private when they were rated.';
COMMENT ON COLUMN insight.ratings.category IS 'That the ticket had when it was rated, if the category has enough answers in this week; else empty.';

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM cycles JOIN tickets ON number = ticket WHERE rated_at IS NOT NULL
        AND (rated_category, rated_private, rated_requester, rated_owner) IS DISTINCT FROM (tickets.category, private, requester, assignee)) THEN
        RAISE EXCEPTION 'cycles has how tickets were when they were rated, which nothing else knows: without it ratings are in other groups than before: keep this version';
    END IF;
END $$;
-- +goose StatementEnd
CREATE OR REPLACE VIEW insight.ratings WITH (security_barrier) AS
WITH final AS (
    SELECT date_trunc('week', business_at + (clock_timestamp() - real_at) * rate - interval '168 hours', 'UTC') AS until FROM business_clock
), given AS (
    SELECT date_trunc('week', c.rated_at, 'UTC') AS week, t.category, c.first_stars, c.stars, t.requester, nullif(t.assignee, '') AS owner
    FROM cycles c JOIN tickets t ON t.number = c.ticket
    WHERE NOT t.private AND c.rated_at < (SELECT until FROM final)
), enough AS (
    SELECT week, category FROM given GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
), placed AS (
    SELECT given.*, coalesce(enough.category, '') AS told,
        date_trunc('week', date_trunc('month', week, 'UTC') + interval '144 hours', 'UTC') AS month
    FROM given LEFT JOIN enough USING (week, category)
), cells AS (
    SELECT week, told FROM placed GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
), rest AS (
    SELECT placed.* FROM placed LEFT JOIN cells USING (week, told) WHERE cells.week IS NULL
), months AS (
    SELECT month, date_trunc('week', date_trunc('month', month + interval '840 hours', 'UTC') + interval '144 hours', 'UTC') AS until
    FROM rest GROUP BY 1
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
)
SELECT week, told AS category, first_stars, stars, week + interval '168 hours' AS until FROM placed JOIN cells USING (week, told)
UNION ALL
SELECT month, '', first_stars, stars, months.until FROM rest JOIN months USING (month) WHERE months.until <= (SELECT until FROM final);
COMMENT ON VIEW insight.ratings IS 'How was the help? A row for each answer, in groups of five or more answers of three people or more about tickets of two people or more: of a week and category, of what is left of a week, and of what is left of the weeks of a month. Other answers are left out, and so are those of the present week and of the week before, which can still be changed. Without private tickets.';
COMMENT ON COLUMN insight.ratings.week IS 'The week in which it was given first: its Monday, in UTC. Of a group of several weeks, the first of them.';
COMMENT ON COLUMN insight.ratings.until IS 'The end of the week, or of the last week of the group.';
COMMENT ON COLUMN insight.ratings.category IS 'That the ticket has now, if the category has enough answers in this week; else empty.';
DROP TRIGGER IF EXISTS cycle_rated ON cycles;
DROP FUNCTION IF EXISTS cycle_rated;
ALTER TABLE cycles DROP COLUMN IF EXISTS rated_category, DROP COLUMN IF EXISTS rated_private,
    DROP COLUMN IF EXISTS rated_requester, DROP COLUMN IF EXISTS rated_owner;
