-- Where do packets of a process wait: how long each department has a matter, from when it could begin to its decision.
-- Hours by the clock, nights and holidays among them: what the enterprise waits.
WITH opened AS (
    SELECT packet, matter, department, process, min(happened_at) AS since
    FROM events WHERE event = 'review-opened' GROUP BY packet, matter, department, process
), decided AS (
    SELECT packet, matter, max(happened_at) AS until
    FROM events WHERE event = 'decided' AND code IN ('approved', 'rejected') GROUP BY packet, matter
)
SELECT
    process, department, opened.matter,
    count(*) AS opened,
    count(until) AS decided,
    round(avg(date_diff('second', since, until)) / 3600.0, 1) AS hours_on_average,
    round(max(date_diff('second', since, until)) / 3600.0, 1) AS hours_at_most
FROM opened LEFT JOIN decided ON decided.packet = opened.packet AND decided.matter = opened.matter
GROUP BY process, department, opened.matter
ORDER BY hours_on_average DESC, opened.matter
