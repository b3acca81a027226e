-- What would a lost officer cost. Assumed, and to be put right in the first lines: how many officers a department has
-- (three where nothing is said); that all of them decide alike; that matters come by chance, so that the wait grows as
-- in a queue with one server: with 1 / (what can be decided a day - what comes a day). What can be decided is taken from
-- the department's best day. A negative or empty wait: more would come than can be decided, and the queue grows for ever.
WITH staff (department, officers) AS (
    VALUES ('approvals', 4), ('water', 2)
), days AS (
    SELECT department, date_trunc('day', happened_at) AS day,
        count_if(event = 'review-opened') AS came, count_if(event = 'decided') AS decided
    FROM events WHERE event IN ('review-opened', 'decided') AND department IS NOT NULL
    GROUP BY department, date_trunc('day', happened_at)
), rates AS (
    SELECT days.department, coalesce(max(officers), 3) AS officers, 1.0 * avg(came) AS came, 1.0 * max(decided) AS best
    FROM days LEFT JOIN staff ON staff.department = days.department
    GROUP BY days.department
)
SELECT
    department, officers,
    round(came, 2) AS come_a_day,
    round(best, 2) AS decided_on_the_best_day,
    round(1 / nullif(best - came, 0), 2) AS days_of_waiting_now,
    round(1 / nullif(best * (officers - 1) / officers - came, 0), 2) AS days_with_one_less
FROM rates
ORDER BY department
