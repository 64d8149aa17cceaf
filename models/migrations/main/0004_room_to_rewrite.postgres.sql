-- A tombstone is written anew eight times, an event twice: with room left on its page, that touches no index.

ALTER TABLE "tombstone" SET (fillfactor = 50);
ALTER TABLE "event" SET (fillfactor = 90);
