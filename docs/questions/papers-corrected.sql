-- Which paper do departments want corrected, for which matter.
SELECT material, matter, department, count(*) AS times, count(DISTINCT packet) AS packets
FROM events
WHERE event = 'notice' AND kind = 'correction'
GROUP BY material, matter, department
ORDER BY times DESC, matter, material
