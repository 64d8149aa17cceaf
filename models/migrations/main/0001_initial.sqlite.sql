-- Made by `python -m models.migrations.generate`; never changed once it is released.

CREATE TABLE "beat" (
    "worker" VARCHAR(40) NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "started_at" TIMESTAMP NOT NULL,
    "steady" REAL NOT NULL
);

CREATE TABLE "bucket" (
    "key" BLOB NOT NULL PRIMARY KEY,
    "level" REAL NOT NULL,
    "at" TIMESTAMP NOT NULL
);
CREATE INDEX "idx_bucket_at_201852" ON "bucket" ("at");

CREATE TABLE "certificate" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "number" VARCHAR(24) NOT NULL UNIQUE,
    "code_digest" BLOB NOT NULL UNIQUE,
    "clause" VARCHAR(12) NOT NULL,
    "closed_at" TIMESTAMP NOT NULL,
    "erase_by" TIMESTAMP NOT NULL,
    "erased_at" TIMESTAMP NOT NULL,
    "verified_at" TIMESTAMP NOT NULL,
    "last_copy_gone_by" TIMESTAMP NOT NULL,
    "document" TEXT NOT NULL,
    "signature" VARCHAR(128) NOT NULL,
    "key_id" VARCHAR(32) NOT NULL
);
CREATE INDEX "idx_certificate_verifie_09060c" ON "certificate" ("verified_at");

CREATE TABLE "customer" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "state" VARCHAR(12) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "revision" INT NOT NULL,
    "governed_by" VARCHAR(24) NOT NULL,
    "email_verified_at" TIMESTAMP,
    "pending_email_until" TIMESTAMP,
    "cooling_off_until" TIMESTAMP,
    "secured_at" TIMESTAMP,
    "last_sign_in_at" TIMESTAMP
);
CREATE INDEX "idx_customer_state_03c566" ON "customer" ("state", "created_at");

CREATE TABLE "action_token" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(24) NOT NULL,
    "digest" BLOB NOT NULL UNIQUE,
    "subject_id" CHAR(36),
    "created_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_action_toke_expires_f76546" ON "action_token" ("expires_at");
CREATE INDEX "idx_action_toke_custome_610e19" ON "action_token" ("customer_id");
CREATE INDEX "idx_action_toke_custome_3861c3" ON "action_token" ("customer_id", "purpose");

CREATE TABLE "change" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "field" VARCHAR(24) NOT NULL,
    "changed_at" TIMESTAMP NOT NULL,
    "changed_by" VARCHAR(12) NOT NULL,
    "actor" VARCHAR(80),
    "restorable_until" TIMESTAMP NOT NULL,
    "restored_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_change_changed_fa3547" ON "change" ("changed_at");
CREATE INDEX "idx_change_custome_8fd405" ON "change" ("customer_id");
CREATE INDEX "idx_change_custome_b23f87" ON "change" ("customer_id", "changed_at");

CREATE TABLE "closure" (
    "sealed" BLOB,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMP,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMP,
    "dead_at" TIMESTAMP,
    "trouble" VARCHAR(80),
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "closed_at" TIMESTAMP NOT NULL,
    "closed_by" VARCHAR(12) NOT NULL,
    "terms_clause" VARCHAR(24),
    "erase_at" TIMESTAMP NOT NULL,
    "erase_by" TIMESTAMP NOT NULL,
    "code_digest" BLOB NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_closure_erase_a_a047e0" ON "closure" ("erase_at");
CREATE INDEX "idx_closure_custome_adb850" ON "closure" ("customer_id");

CREATE TABLE "consent" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(24) NOT NULL,
    "decision" VARCHAR(12) NOT NULL,
    "policy_version" VARCHAR(24) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_consent_custome_95b7ca" ON "consent" ("customer_id");
CREATE INDEX "idx_consent_custome_a52909" ON "consent" ("customer_id", "at");

CREATE TABLE "event" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "alias" BLOB,
    "at" TIMESTAMP NOT NULL,
    "kind" VARCHAR(16) NOT NULL,
    "action" VARCHAR(48) NOT NULL,
    "actor_kind" VARCHAR(12) NOT NULL,
    "actor_id" CHAR(36),
    "fields_named" JSON NOT NULL,
    "sealed" BLOB,
    "position" BIGINT UNIQUE,
    "digest" BLOB,
    "hash" BLOB
);
CREATE INDEX "idx_event_at_626eca" ON "event" ("at");
CREATE INDEX "idx_event_alias_8fbb76" ON "event" ("alias", "at");

CREATE TABLE "export" (
    "sealed" BLOB,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMP,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMP,
    "dead_at" TIMESTAMP,
    "trouble" VARCHAR(80),
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "status" VARCHAR(12) NOT NULL,
    "requested_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "ready_at" TIMESTAMP,
    "expires_at" TIMESTAMP,
    "bytes" BIGINT,
    "first_sent_at" TIMESTAMP,
    "downloaded_at" TIMESTAMP,
    "erased_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_export_custome_fc2329" ON "export" ("customer_id");
CREATE INDEX "idx_export_status_924ae1" ON "export" ("status", "requested_at");
CREATE INDEX "idx_export_custome_32f055" ON "export" ("customer_id", "requested_at");

CREATE TABLE "index_entry" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "person_id" CHAR(36) NOT NULL,
    "field" VARCHAR(24) NOT NULL,
    "digest" BLOB NOT NULL,
    "use" VARCHAR(12) NOT NULL,
    "claim" BLOB UNIQUE,
    "until" TIMESTAMP
);
CREATE INDEX "idx_index_entry_person__5f0262" ON "index_entry" ("person_id");
CREATE INDEX "idx_index_entry_digest_ea00e8" ON "index_entry" ("digest", "field");

CREATE TABLE "lease" (
    "name" VARCHAR(40) NOT NULL PRIMARY KEY,
    "holder" VARCHAR(40) NOT NULL,
    "until" TIMESTAMP NOT NULL
);

CREATE TABLE "letter" (
    "sealed" BLOB,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMP,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMP,
    "dead_at" TIMESTAMP,
    "trouble" VARCHAR(80),
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "template" VARCHAR(40) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "written_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP,
    "posted_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_letter_custome_b75d8f" ON "letter" ("customer_id");
CREATE INDEX "idx_letter_posted__e68580" ON "letter" ("posted_at", "retry_at");
CREATE INDEX "idx_letter_custome_28de4e" ON "letter" ("customer_id", "written_at");

CREATE TABLE "message" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(16) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "author_id" CHAR(36),
    "about_kind" VARCHAR(24),
    "about_id" CHAR(36),
    "read_at" TIMESTAMP,
    "idempotency" BLOB,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_message_custome_c68c3a" UNIQUE ("customer_id", "idempotency")
);
CREATE INDEX "idx_message_custome_d6c667" ON "message" ("customer_id");
CREATE INDEX "idx_message_custome_7baa1e" ON "message" ("customer_id", "at");

CREATE TABLE "obligation" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "rule" VARCHAR(24) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "subject_id" CHAR(36),
    "policy_version" VARCHAR(24) NOT NULL,
    "started_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "ceiling" TIMESTAMP,
    "done_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_obligation_custome_6f6122" ON "obligation" ("customer_id");
CREATE INDEX "idx_obligation_custome_8704e8" ON "obligation" ("customer_id", "due_at");
CREATE INDEX "idx_obligation_rule_c871a4" ON "obligation" ("rule", "done_at", "due_at");
CREATE INDEX "idx_obligation_subject_aa650b" ON "obligation" ("subject_id");

CREATE TABLE "password" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "changed_at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_password_custome_c94c1f" ON "password" ("customer_id");

CREATE TABLE "payment_method" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(12) NOT NULL,
    "is_default" INT NOT NULL,
    "added_at" TIMESTAMP NOT NULL,
    "idempotency" BLOB,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_payment_met_custome_9292df" UNIQUE ("customer_id", "idempotency")
);
CREATE INDEX "idx_payment_met_custome_2e200e" ON "payment_method" ("customer_id");

CREATE TABLE "policy_acceptance" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "version" VARCHAR(24) NOT NULL,
    "event" VARCHAR(12) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_policy_acce_custome_e44589" ON "policy_acceptance" ("customer_id");
CREATE INDEX "idx_policy_acce_custome_6077b5" ON "policy_acceptance" ("customer_id", "at");

CREATE TABLE "preferences" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "locale" VARCHAR(2) NOT NULL,
    "time_zone" VARCHAR(64) NOT NULL,
    "theme" VARCHAR(8) NOT NULL,
    "news_by_email" INT NOT NULL,
    "personalised_content" INT NOT NULL,
    "personalised_ads" INT NOT NULL,
    "ad_topics" JSON NOT NULL,
    "preference_cookies" INT NOT NULL,
    "statistics_cookies" INT NOT NULL,
    "advertising_cookies" INT NOT NULL,
    "cookies_decided_at" TIMESTAMP,
    "updated_at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_preferences_custome_9ca687" ON "preferences" ("customer_id");

CREATE TABLE "related_person" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "role" VARCHAR(16) NOT NULL,
    "added_at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_related_per_custome_a78815" ON "related_person" ("customer_id");

CREATE TABLE "service" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "reference" VARCHAR(64) NOT NULL UNIQUE,
    "kind" VARCHAR(24) NOT NULL,
    "payment_method_id" CHAR(36),
    "started_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_service_custome_67bf43" ON "service" ("customer_id");

CREATE TABLE "session" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(8) NOT NULL,
    "token_digest" BLOB NOT NULL UNIQUE,
    "refresh_digest" BLOB UNIQUE,
    "spent_digest" BLOB,
    "refreshed_at" TIMESTAMP,
    "created_at" TIMESTAMP NOT NULL,
    "last_seen_at" TIMESTAMP NOT NULL,
    "idle_until" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "stepped_up_until" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_session_spent_d_98809b" ON "session" ("spent_digest");
CREATE INDEX "idx_session_custome_ff8507" ON "session" ("customer_id");
CREATE INDEX "idx_session_custome_ab53e1" ON "session" ("customer_id", "ended_at");
CREATE INDEX "idx_session_expires_823c67" ON "session" ("expires_at");

CREATE TABLE "sign_in" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "outcome" VARCHAR(24) NOT NULL,
    "method" VARCHAR(16) NOT NULL,
    "ip_precision" VARCHAR(8) NOT NULL,
    "is_new_device" INT NOT NULL,
    "reported_at" TIMESTAMP,
    "session_id" CHAR(36),
    "count" INT NOT NULL,
    "minute_key" BLOB UNIQUE,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_sign_in_at_639810" ON "sign_in" ("at");
CREATE INDEX "idx_sign_in_custome_f62ba5" ON "sign_in" ("customer_id");
CREATE INDEX "idx_sign_in_custome_1a0a56" ON "sign_in" ("customer_id", "at", "id");
CREATE INDEX "idx_sign_in_ip_prec_d62b29" ON "sign_in" ("ip_precision", "at");

CREATE TABLE "staff" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "roles" JSON NOT NULL,
    "invited_at" TIMESTAMP NOT NULL,
    "invitation_digest" BLOB UNIQUE,
    "invitation_until" TIMESTAMP,
    "deactivated_at" TIMESTAMP
);

CREATE TABLE "stranger" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "digest" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL
);
CREATE INDEX "idx_stranger_at_aa1d99" ON "stranger" ("at");

CREATE TABLE "tombstone" (
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMP,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMP,
    "dead_at" TIMESTAMP,
    "trouble" VARCHAR(80),
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "stage" VARCHAR(16) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "closed_at" TIMESTAMP NOT NULL,
    "erase_by" TIMESTAMP NOT NULL,
    "begun_at" TIMESTAMP NOT NULL,
    "in_ledger_at" TIMESTAMP,
    "key_destroyed_at" TIMESTAMP,
    "rows_gone_at" TIMESTAMP,
    "verified_at" TIMESTAMP,
    "kek_id" VARCHAR(32),
    "code_digest" BLOB NOT NULL
);
CREATE INDEX "idx_tombstone_stage_317a1e" ON "tombstone" ("stage", "begun_at");
