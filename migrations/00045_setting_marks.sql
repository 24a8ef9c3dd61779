-- +goose Up

-- A policy is adopted anew at each start, so its time does not tell when a setting changed. Since they are
-- noted by themselves, the changes are in setting_states.
DROP VIEW insight.targets;
CREATE VIEW insight.settings AS
SELECT at, kind AS setting
FROM (SELECT at, kind, state, lag(state) OVER (PARTITION BY kind ORDER BY id) AS before FROM setting_states) AS s
WHERE before <> state;
COMMENT ON VIEW insight.settings IS 'When did settings change? A mark for charts.';
COMMENT ON COLUMN insight.settings.at IS 'Since when it is as it is.';
COMMENT ON COLUMN insight.settings.setting IS 'hours, targets or categories.';

-- +goose Down
DROP VIEW insight.settings;
CREATE VIEW insight.targets AS
SELECT adopted_at AS at, version FROM policies;
COMMENT ON VIEW insight.targets IS 'When did targets or opening hours change? A mark for charts.';
COMMENT ON COLUMN insight.targets.at IS 'Since when they apply.';
COMMENT ON COLUMN insight.targets.version IS 'The version of the policy. One that is adopted again has its last time.';
