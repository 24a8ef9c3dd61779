-- +goose Up

-- As in 00047, with groups of months: what is too little in its week is told with what else is left of the
-- weeks that begin in the same month, if together there is enough. The statistics have the same groups.
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

-- +goose Down
DROP VIEW insight.ratings;
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
