-- What a packet waits for last: the matter whose decision came at the end, so that the joint result could be made.
WITH decided AS (
    SELECT packet, process, matter, department, max(happened_at) AS decided_at
    FROM events WHERE event IN ('decided', 'decided-by-rules') GROUP BY packet, process, matter, department
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY packet ORDER BY decided_at DESC, matter) AS place,
        lead(decided_at) OVER (PARTITION BY packet ORDER BY decided_at DESC, matter) AS before
    FROM decided
)
SELECT
    process, matter, department,
    count(*) AS times_last,
    round(avg(date_diff('second', before, decided_at)) / 3600.0, 1) AS hours_after_the_last_but_one
FROM ranked
WHERE place = 1 AND packet IN (SELECT packet FROM events WHERE event = 'result')
GROUP BY process, matter, department
ORDER BY times_last DESC, matter
