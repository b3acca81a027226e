-- Which paper is returned most, and why: before the packet was accepted.
SELECT material, code AS reason, count(*) AS times, count(DISTINCT packet) AS packets
FROM events
WHERE event = 'notice' AND kind = 'returned' AND material IS NOT NULL
GROUP BY material, code
ORDER BY times DESC, material, reason
