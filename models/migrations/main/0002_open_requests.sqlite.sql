-- The queue of open requests is read in its order, however many have ended.

CREATE INDEX "idx_rights_requ_ended_a_c60462" ON "rights_request" ("ended_at", "due_at", "id");
