-- Who decides in time, by month: of what was decided, what had been put on record as late.
WITH late AS (
    SELECT DISTINCT packet, matter FROM events WHERE event = 'reviews-overdue'
), decided AS (
    SELECT packet, matter, department, max(happened_at) AS decided_at
    FROM events WHERE event IN ('decided', 'decided-by-rules') GROUP BY packet, matter, department
)
SELECT
    date_trunc('month', decided_at) AS month, department,
    count(*) AS decided,
    count(late.packet) AS late,
    round(100.0 * (count(*) - count(late.packet)) / count(*), 1) AS percent_in_time
FROM decided LEFT JOIN late ON late.packet = decided.packet AND late.matter = decided.matter
GROUP BY date_trunc('month', decided_at), department
ORDER BY month, percent_in_time, department
