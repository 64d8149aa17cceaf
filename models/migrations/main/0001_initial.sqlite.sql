-- Made by `python -m models.migrations.generate`; never changed once it is released.

CREATE TABLE "backup" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "taken_at" TIMESTAMP NOT NULL,
    "store" VARCHAR(12) NOT NULL,
    "place" VARCHAR(200) NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "bytes" BIGINT NOT NULL,
    "destroyed_at" TIMESTAMP
);
CREATE INDEX "idx_backup_taken_a_00b33d" ON "backup" ("taken_at");

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

CREATE TABLE "challenge" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "digest" BLOB NOT NULL UNIQUE,
    "use" VARCHAR(16) NOT NULL,
    "person_id" CHAR(36),
    "session_id" CHAR(36),
    "webauthn" BLOB,
    "kind" VARCHAR(8),
    "label" BLOB,
    "tries" INT NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP
);
CREATE INDEX "idx_challenge_person__95ab58" ON "challenge" ("person_id");
CREATE INDEX "idx_challenge_expires_a981ed" ON "challenge" ("expires_at");

CREATE TABLE "checkpoint" (
    "position" BIGINT NOT NULL PRIMARY KEY,
    "hash" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "signature" BLOB NOT NULL,
    "key_id" VARCHAR(32) NOT NULL,
    "is_anchor" INT NOT NULL
);

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
    "restricted_at" TIMESTAMP,
    "last_sign_in_at" TIMESTAMP
);
CREATE INDEX "idx_customer_state_03c566" ON "customer" ("state", "created_at");

CREATE TABLE "access_grant" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "staff_id" CHAR(36) NOT NULL,
    "reason" VARCHAR(20) NOT NULL,
    "ticket" VARCHAR(24) NOT NULL,
    "opened_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "closed_at" TIMESTAMP,
    "revealed" JSON NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_access_gran_staff_i_12ee21" ON "access_grant" ("staff_id");
CREATE INDEX "idx_access_gran_custome_10ba5f" ON "access_grant" ("customer_id");
CREATE INDEX "idx_access_gran_staff_i_e73b20" ON "access_grant" ("staff_id", "opened_at");

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

CREATE TABLE "approval" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "subject" VARCHAR(40) NOT NULL,
    "proposed_by" CHAR(36) NOT NULL,
    "proposed_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "decided_by" CHAR(36),
    "decided_at" TIMESTAMP,
    "approved" INT,
    "told_to_customer" INT NOT NULL,
    "customer_id" CHAR(36) REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_approval_custome_5993cd" ON "approval" ("customer_id");
CREATE INDEX "idx_approval_decided_4db436" ON "approval" ("decided_at", "due_at", "id");

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
    "terms_clause" VARCHAR(32),
    "erase_at" TIMESTAMP NOT NULL,
    "erase_by" TIMESTAMP NOT NULL,
    "code_digest" BLOB NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_closure_erase_a_a047e0" ON "closure" ("erase_at");
CREATE INDEX "idx_closure_custome_adb850" ON "closure" ("customer_id");

CREATE TABLE "complaint" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "person_id" CHAR(36) NOT NULL,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "channel" VARCHAR(8) NOT NULL,
    "about_kind" VARCHAR(24),
    "about_id" CHAR(36),
    "received_at" TIMESTAMP NOT NULL,
    "acknowledge_by" TIMESTAMP NOT NULL,
    "acknowledged_at" TIMESTAMP,
    "closed_at" TIMESTAMP,
    "assigned_to" CHAR(36),
    "authority" VARCHAR(120),
    "regulator_reference" VARCHAR(64),
    "evidence_sha256" VARCHAR(64),
    "customer_id" CHAR(36) REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_complaint_person__5df7f4" ON "complaint" ("person_id");
CREATE INDEX "idx_complaint_custome_d4b969" ON "complaint" ("customer_id");
CREATE INDEX "idx_complaint_closed__189f05" ON "complaint" ("closed_at", "acknowledge_by", "id");

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

CREATE TABLE "conversation" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "assigned_to" CHAR(36),
    "waiting_since" TIMESTAMP,
    "unanswered" INT NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_conversatio_waiting_3a7b81" ON "conversation" ("waiting_since");
CREATE INDEX "idx_conversatio_custome_a39621" ON "conversation" ("customer_id");

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

CREATE TABLE "factor_recovery" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "asked_at" TIMESTAMP NOT NULL,
    "available_at" TIMESTAMP NOT NULL,
    "cancelled_at" TIMESTAMP,
    "done_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_factor_reco_asked_a_3c195b" ON "factor_recovery" ("asked_at");
CREATE INDEX "idx_factor_reco_custome_599e6e" ON "factor_recovery" ("customer_id");

CREATE TABLE "hold" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "scope" JSON NOT NULL,
    "placed_at" TIMESTAMP NOT NULL,
    "placed_by" CHAR(36) NOT NULL,
    "review_by" TIMESTAMP NOT NULL,
    "told_to_customer" INT NOT NULL,
    "released_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_hold_custome_a6fdb3" ON "hold" ("customer_id");
CREATE INDEX "idx_hold_release_770d70" ON "hold" ("released_at", "review_by", "id");

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
    "person_id" CHAR(36),
    "template" VARCHAR(40) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "written_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP,
    "posted_at" TIMESTAMP,
    "customer_id" CHAR(36) REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_letter_person__bc0f6d" ON "letter" ("person_id");
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

CREATE TABLE "news_issue" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "name" VARCHAR(80) NOT NULL UNIQUE,
    "topic" VARCHAR(24),
    "words" JSON NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "reached" CHAR(36),
    "written" INT NOT NULL,
    "done_at" TIMESTAMP
);

CREATE TABLE "note" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "author_id" CHAR(36) NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_note_custome_4536ed" ON "note" ("customer_id");
CREATE INDEX "idx_note_custome_2e9ccd" ON "note" ("customer_id", "at");

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

CREATE TABLE "passkey" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "credential_digest" BLOB NOT NULL UNIQUE,
    "sign_count" BIGINT NOT NULL,
    "backed_up" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "last_used_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_passkey_custome_97a25c" ON "passkey" ("customer_id");

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

CREATE TABLE "policy_notice" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "version" VARCHAR(24) NOT NULL,
    "letter_id" CHAR(36) NOT NULL UNIQUE,
    "written_at" TIMESTAMP NOT NULL,
    "delivered_at" TIMESTAMP,
    "failed_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_policy_noti_custome_007a3c" UNIQUE ("customer_id", "version")
);
CREATE INDEX "idx_policy_noti_custome_5c79d8" ON "policy_notice" ("customer_id");
CREATE INDEX "idx_policy_noti_version_48ee15" ON "policy_notice" ("version");

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

CREATE TABLE "publication" (
    "version" VARCHAR(24) NOT NULL PRIMARY KEY,
    "sha256" VARCHAR(64) NOT NULL,
    "published_at" TIMESTAMP NOT NULL,
    "valid_from" TIMESTAMP NOT NULL,
    "published_by" CHAR(36)
);

CREATE TABLE "recovery_code" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "digest" BLOB NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_recovery_co_digest_577f62" ON "recovery_code" ("digest");
CREATE INDEX "idx_recovery_co_custome_5cc107" ON "recovery_code" ("customer_id");

CREATE TABLE "related_person" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "role" VARCHAR(16) NOT NULL,
    "added_at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_related_per_custome_a78815" ON "related_person" ("customer_id");

CREATE TABLE "restriction" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "request_id" CHAR(36) NOT NULL,
    "since" TIMESTAMP NOT NULL,
    "lifted_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_restriction_custome_d0287e" ON "restriction" ("customer_id");

CREATE TABLE "review" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(16) NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "done_at" TIMESTAMP,
    "done_by" CHAR(36),
    "outcome" TEXT
);
CREATE INDEX "idx_review_due_at_c0d43d" ON "review" ("due_at");

CREATE TABLE "rights_request" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "related_person_id" CHAR(36),
    "kind" VARCHAR(12) NOT NULL,
    "channel" VARCHAR(8) NOT NULL,
    "status" VARCHAR(12) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "received_at" TIMESTAMP NOT NULL,
    "recorded_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "assigned_to" CHAR(36),
    "document" VARCHAR(20),
    "office_id" VARCHAR(24),
    "checked_by" CHAR(36),
    "confirmed_by" CHAR(36),
    "checked_at" TIMESTAMP,
    "export_id" CHAR(36),
    "copy_ready_at" TIMESTAMP,
    "handed_over_at" TIMESTAMP,
    "ended_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_rights_requ_custome_01218c" ON "rights_request" ("customer_id");
CREATE INDEX "idx_rights_requ_status_417c89" ON "rights_request" ("status", "due_at", "id");
CREATE INDEX "idx_rights_requ_custome_ad3fc7" ON "rights_request" ("customer_id", "received_at");
CREATE INDEX "idx_rights_requ_assigne_c63378" ON "rights_request" ("assigned_to", "due_at");

CREATE TABLE "search" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "staff_id" CHAR(36) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "field" VARCHAR(24) NOT NULL,
    "hits" INT NOT NULL
);
CREATE INDEX "idx_search_at_0c9b99" ON "search" ("at");
CREATE INDEX "idx_search_staff_i_4cb592" ON "search" ("staff_id", "at");

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
    "deactivated_at" TIMESTAMP,
    "locked_at" TIMESTAMP,
    "last_sign_in_at" TIMESTAMP
);

CREATE TABLE "staff_session" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "token_digest" BLOB NOT NULL UNIQUE,
    "created_at" TIMESTAMP NOT NULL,
    "last_seen_at" TIMESTAMP NOT NULL,
    "idle_until" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "stepped_up_until" TIMESTAMP,
    "staff_id" CHAR(36) NOT NULL REFERENCES "staff" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_staff_sessi_expires_5fd2d4" ON "staff_session" ("expires_at");
CREATE INDEX "idx_staff_sessi_staff_i_7fa85a" ON "staff_session" ("staff_id");

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

CREATE TABLE "totp" (
    "sealed" BLOB,
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "begun_at" TIMESTAMP NOT NULL,
    "confirmed_at" TIMESTAMP,
    "last_step" BIGINT NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_totp_custome_d365b0" ON "totp" ("customer_id");
