-- What became of promised papers: closed in time, closed late, or still missing.
WITH promised AS (
    SELECT packet, material, min(happened_at) AS since FROM events WHERE event = 'gap-promised' GROUP BY packet, material
), closed AS (
    SELECT packet, material, min(happened_at) AS closed_at FROM events WHERE event = 'gaps-closed' GROUP BY packet, material
), late AS (
    SELECT DISTINCT packet, material FROM events WHERE event = 'gaps-overdue'
)
SELECT
    promised.material,
    count(*) AS promised,
    count_if(closed_at IS NOT NULL AND late.packet IS NULL) AS in_time,
    count_if(closed_at IS NOT NULL AND late.packet IS NOT NULL) AS late,
    count_if(closed_at IS NULL) AS missing,
    round(avg(date_diff('second', since, closed_at)) / 86400.0, 1) AS days_on_average
FROM promised
LEFT JOIN closed ON closed.packet = promised.packet AND closed.material = promised.material
LEFT JOIN late ON late.packet = promised.packet AND late.material = promised.material
GROUP BY promised.material
ORDER BY promised DESC, promised.material
