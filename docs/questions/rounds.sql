-- How often is a packet handed in until it is accepted, and with one go: the share that the guide is to raise.
WITH tries AS (
    SELECT packet, max(process) AS process,
        count(DISTINCT CASE WHEN event = 'submitted' THEN entry END) AS handed_in,
        count(DISTINCT CASE WHEN event = 'accepted' THEN entry END) AS accepted
    FROM events GROUP BY packet
)
SELECT
    process,
    count(*) AS packets,
    count_if(accepted > 0) AS accepted,
    count_if(accepted > 0 AND handed_in = 1) AS at_once,
    round(avg(handed_in), 2) AS handed_in_on_average
FROM tries
WHERE handed_in > 0
GROUP BY process
ORDER BY packets DESC, process
