-- What was done last with a request stands in its row, as in its last event: a queue shows it without looking for that.

ALTER TABLE "rights_request" ADD COLUMN "last_action" VARCHAR(48);
ALTER TABLE "rights_request" ADD COLUMN "last_action_at" TIMESTAMP;
UPDATE "rights_request" SET "last_action" = latest."action", "last_action_at" = latest."at"
    FROM (
        SELECT named.value AS "number", event."action", event."at",
            row_number() OVER (PARTITION BY named.value ORDER BY event."at" DESC, event."id" DESC) AS "place"
        FROM "event" AS event, json_each(event."fields_named") AS named
        WHERE event."action" LIKE 'request.%'
    ) AS latest
    WHERE latest."place" = 1 AND latest."number" = "rights_request"."number";
