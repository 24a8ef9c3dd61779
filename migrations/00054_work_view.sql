-- +goose Up

-- The kind of work of each category that has one: the settings of now.
CREATE TABLE IF NOT EXISTS working_categories (
    category text PRIMARY KEY,
    work     text NOT NULL
);

CREATE VIEW insight.work WITH (security_barrier) AS
SELECT date_bin('15 minutes', t.opened_at, TIMESTAMPTZ 'epoch') AS at, t.category, coalesce(nullif(t.work, ''), w.work) AS kind, count(*) AS tickets
FROM tickets t LEFT JOIN working_categories w ON w.category = t.category
WHERE NOT t.private AND (t.work <> '' OR w.work IS NOT NULL) GROUP BY 1, 2, 3;
COMMENT ON VIEW insight.work IS 'What kind of work is it? Tickets that have one: of their category, or as a lead has said. Without private tickets.';
COMMENT ON COLUMN insight.work.at IS 'The quarter of an hour in which they were opened.';
COMMENT ON COLUMN insight.work.category IS 'That the tickets have now.';
COMMENT ON COLUMN insight.work.kind IS 'operational, tactical or strategic.';
COMMENT ON COLUMN insight.work.tickets IS 'Tickets opened.';

-- +goose Down
DROP VIEW insight.work;
DROP TABLE IF EXISTS working_categories; -- the settings have it, and are read again at each start
