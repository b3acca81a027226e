-- What the green channel is worth: days from acceptance to the joint result, by channel.
WITH accepted AS (
    SELECT packet, max(process) AS process, max(code) AS channel, min(happened_at) AS since
    FROM events WHERE event = 'accepted' GROUP BY packet
), ended AS (
    SELECT packet, max(code) AS result, min(happened_at) AS until FROM events WHERE event = 'result' GROUP BY packet
)
SELECT
    process, channel,
    count(*) AS packets,
    count(until) AS ended,
    count_if(result IN ('11', '12')) AS approved,
    round(avg(date_diff('second', since, until)) / 86400.0, 2) AS days_on_average,
    round(approx_percentile(date_diff('second', since, until), 0.9) / 86400.0, 2) AS days_for_nine_of_ten
FROM accepted LEFT JOIN ended ON ended.packet = accepted.packet
GROUP BY process, channel
ORDER BY process, channel
