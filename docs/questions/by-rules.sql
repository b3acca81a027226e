-- Does deciding by rules hold: what was decided by rules or on a commitment, and how much of it was taken back or found
-- broken by supervision, against what officers decided.
WITH ways AS (
    SELECT packet, matter,
        CASE
            WHEN count_if(event = 'committed') > 0 THEN 'commitment'
            WHEN count_if(event = 'decided-by-rules') > 0 THEN 'rules'
            ELSE 'officer'
        END AS way
    FROM events WHERE event IN ('committed', 'decided-by-rules', 'decided') AND matter IS NOT NULL
    GROUP BY packet, matter
), ended AS (
    SELECT packet, matter,
        count_if(event = 'approval-ended') AS taken_back, count_if(event = 'supervised' AND code = 'breach') AS breaches
    FROM events WHERE event IN ('approval-ended', 'supervised') GROUP BY packet, matter
)
SELECT
    way,
    count(*) AS matters,
    count_if(taken_back > 0) AS taken_back,
    count_if(breaches > 0) AS broken
FROM ways LEFT JOIN ended ON ended.packet = ways.packet AND ended.matter = ways.matter
GROUP BY way
ORDER BY way
