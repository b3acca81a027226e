-- When is the work: what is handed in and decided by weekday (1 is Monday) and hour, to man window and desks by.
SELECT
    day_of_week(happened_at) AS weekday, hour(happened_at) AS hour,
    count(DISTINCT CASE WHEN event = 'submitted' THEN id END) AS matters_handed_in,
    count(DISTINCT CASE WHEN event = 'decided' THEN id END) AS decisions
FROM events
WHERE event IN ('submitted', 'decided')
GROUP BY day_of_week(happened_at), hour(happened_at)
ORDER BY weekday, hour
