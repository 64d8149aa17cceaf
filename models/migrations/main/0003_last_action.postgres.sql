-- What was done last with a request stands in its row, as in its last event: a queue shows it without looking for that.

ALTER TABLE "rights_request" ADD COLUMN "last_action" VARCHAR(48), ADD COLUMN "last_action_at" TIMESTAMPTZ;
UPDATE "rights_request" SET "last_action" = latest."action", "last_action_at" = latest."at"
    FROM (
        SELECT DISTINCT ON (named."number") named."number", event."action", event."at"
        FROM "event" AS event CROSS JOIN LATERAL jsonb_array_elements_text(event."fields_named") AS named ("number")
        WHERE event."action" LIKE 'request.%'
        ORDER BY named."number", event."at" DESC, event."id" DESC
    ) AS latest
    WHERE latest."number" = "rights_request"."number";
