-- +goose Up

-- Which service each category names, and how long before an incident a deployment may be: the settings of
-- now. The views tie incidents to deployments by them, as the statistics do.
CREATE TABLE IF NOT EXISTS served_categories (
    category text PRIMARY KEY,
    service  text NOT NULL,
    within   interval NOT NULL
);

CREATE VIEW insight.satisfaction AS
SELECT date_bin('15 minutes', rated_at, TIMESTAMPTZ 'epoch') AS at, count(*) AS answers
FROM cycles WHERE rated_at IS NOT NULL GROUP BY 1;
COMMENT ON VIEW insight.satisfaction IS 'How many solutions were rated with stars? All tickets, also private ones. The stars are in ratings, where there are enough of them.';
COMMENT ON COLUMN insight.satisfaction.at IS 'The quarter of an hour in which they got their first stars.';
COMMENT ON COLUMN insight.satisfaction.answers IS 'Solutions with stars.';

-- Who asks for two groups that differ by one answer knows that answer. So each answer is in one group at
-- most, the groups are cut once for everybody, and nothing in them changes any more: stars can be changed
-- for 7 days.
CREATE VIEW insight.ratings WITH (security_barrier) AS
WITH given AS (
    SELECT date_trunc('week', c.rated_at, 'UTC') AS week, t.category, c.first_stars, c.stars, t.requester, nullif(t.assignee, '') AS owner
    FROM cycles c JOIN tickets t ON t.number = c.ticket
    WHERE NOT t.private AND c.rated_at < (
        SELECT date_trunc('week', business_at + (clock_timestamp() - real_at) * rate - interval '168 hours', 'UTC') FROM business_clock)
), enough AS (
    SELECT week, category FROM given GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
), placed AS (
    SELECT given.*, coalesce(enough.category, '') AS told FROM given LEFT JOIN enough USING (week, category)
), cells AS (
    SELECT week, told FROM placed GROUP BY 1, 2
    HAVING count(*) >= 5 AND count(DISTINCT requester) >= 3 AND count(DISTINCT owner) >= 2
)
SELECT week, told AS category, first_stars, stars FROM placed JOIN cells USING (week, told);
COMMENT ON VIEW insight.ratings IS 'How was the help? A row for each answer, in groups of five or more answers of three people or more about tickets of two people or more. Other answers are left out, and so are those of the present week and of the week before, which can still be changed. Without private tickets.';
COMMENT ON COLUMN insight.ratings.week IS 'The week in which it was given first: its Monday, in UTC.';
COMMENT ON COLUMN insight.ratings.category IS 'That the ticket has now, if the category has enough answers in this week; else empty.';
COMMENT ON COLUMN insight.ratings.first_stars IS 'The stars that the ticket got first, 1 to 5.';
COMMENT ON COLUMN insight.ratings.stars IS 'The stars that the solution has in the end, 1 to 5.';

CREATE VIEW insight.incidents WITH (security_barrier) AS
SELECT t.number AS ticket, t.category, t.opened_at, CASE WHEN t.state = 'resolved' THEN t.ended_at END AS resolved_at,
    CASE WHEN t.deployment = 0 THEN latest.id WHEN t.deployment > 0 THEN t.deployment END AS deployment,
    CASE WHEN t.state = 'resolved' THEN extract(epoch FROM t.ended_at - t.opened_at)::float8 END AS resolved_seconds
FROM tickets t LEFT JOIN served_categories s ON s.category = t.category
LEFT JOIN LATERAL (
    SELECT id FROM deployments d
    WHERE t.deployment = 0 AND d.service = s.service AND d.deployed_at <= t.opened_at AND d.deployed_at >= t.opened_at - s.within
    ORDER BY d.deployed_at DESC, d.id DESC LIMIT 1) AS latest ON true
WHERE t.incident AND t.state <> 'closed' AND NOT t.private;
COMMENT ON VIEW insight.incidents IS 'Which incidents were there, and how long did it take to recover? Tickets that are marked as such and were not closed without a solution. Time to recover is told of those that have a deployment. Without private tickets.';
COMMENT ON COLUMN insight.incidents.ticket IS 'The number of the ticket.';
COMMENT ON COLUMN insight.incidents.category IS 'That the ticket has now.';
COMMENT ON COLUMN insight.incidents.opened_at IS 'When it was opened first.';
COMMENT ON COLUMN insight.incidents.resolved_at IS 'When it was resolved; null if it is not.';
COMMENT ON COLUMN insight.incidents.deployment IS 'The deployment that it is tied to; null for none.';
COMMENT ON COLUMN insight.incidents.resolved_seconds IS 'From the opening to the solution, nights and pauses included; null if it is not resolved.';

CREATE VIEW insight.deployments WITH (security_barrier) AS
SELECT d.id AS deployment, d.service, d.version, d.url, d.deployed_at, d.recorded_at AS known_since, coalesce(i.incidents, 0) AS incidents
FROM deployments d LEFT JOIN (SELECT deployment, count(*) AS incidents FROM insight.incidents GROUP BY 1) AS i ON i.deployment = d.id;
COMMENT ON VIEW insight.deployments IS 'What was deployed, and what broke something? A deployment with incidents has failed. Private incidents are not counted here.';
COMMENT ON COLUMN insight.deployments.deployment IS 'Its id.';
COMMENT ON COLUMN insight.deployments.service IS 'What was deployed.';
COMMENT ON COLUMN insight.deployments.version IS 'As the pipeline calls it; may be empty.';
COMMENT ON COLUMN insight.deployments.url IS 'A page about it; may be empty.';
COMMENT ON COLUMN insight.deployments.deployed_at IS 'When it was in production.';
COMMENT ON COLUMN insight.deployments.known_since IS 'When it was reported.';
COMMENT ON COLUMN insight.deployments.incidents IS 'How many incidents are tied to it so far.';

-- +goose Down
DROP VIEW insight.deployments, insight.incidents, insight.ratings, insight.satisfaction;
DROP TABLE IF EXISTS served_categories; -- the settings have it, and are read again at each start
