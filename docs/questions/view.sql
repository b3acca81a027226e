-- What all questions ask: each event once, whatever was written twice, with its time as a time.
-- In Athena it is run once, in the database and the work group of the stack; `kaigong ask` runs it by itself.
CREATE OR REPLACE VIEW events AS
SELECT
    id, CAST(happened_at AS timestamp) AS happened_at, packet, entry, event, process, matter, department, material,
    "round", kind, code
FROM (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY "schema" DESC) AS copy
    FROM events_raw
)
WHERE copy = 1
