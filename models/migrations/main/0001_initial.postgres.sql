-- Made by `python -m models.migrations.generate`; never changed once it is released.

CREATE TABLE "backup" (
    "id" UUID NOT NULL PRIMARY KEY,
    "taken_at" TIMESTAMPTZ NOT NULL,
    "store" VARCHAR(12) NOT NULL,
    "place" VARCHAR(200) NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "bytes" BIGINT NOT NULL,
    "destroyed_at" TIMESTAMPTZ
);
CREATE INDEX "idx_backup_taken_a_00b33d" ON "backup" ("taken_at");

CREATE TABLE "beat" (
    "worker" VARCHAR(40) NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "steady" DOUBLE PRECISION NOT NULL
);

CREATE TABLE "bucket" (
    "key" BYTEA NOT NULL PRIMARY KEY,
    "level" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_bucket_at_201852" ON "bucket" ("at");

CREATE TABLE "certificate" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(24) NOT NULL UNIQUE,
    "code_digest" BYTEA NOT NULL UNIQUE,
    "clause" VARCHAR(12) NOT NULL,
    "closed_at" TIMESTAMPTZ NOT NULL,
    "erase_by" TIMESTAMPTZ NOT NULL,
    "erased_at" TIMESTAMPTZ NOT NULL,
    "verified_at" TIMESTAMPTZ NOT NULL,
    "last_copy_gone_by" TIMESTAMPTZ NOT NULL,
    "document" TEXT NOT NULL,
    "signature" VARCHAR(128) NOT NULL,
    "key_id" VARCHAR(32) NOT NULL
);
CREATE INDEX "idx_certificate_verifie_09060c" ON "certificate" ("verified_at");

CREATE TABLE "challenge" (
    "id" UUID NOT NULL PRIMARY KEY,
    "digest" BYTEA NOT NULL UNIQUE,
    "use" VARCHAR(16) NOT NULL,
    "person_id" UUID,
    "session_id" UUID,
    "webauthn" BYTEA,
    "kind" VARCHAR(8),
    "label" BYTEA,
    "tries" INT NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ
);
CREATE INDEX "idx_challenge_person__95ab58" ON "challenge" ("person_id");
CREATE INDEX "idx_challenge_expires_a981ed" ON "challenge" ("expires_at");

CREATE TABLE "checkpoint" (
    "position" BIGINT NOT NULL PRIMARY KEY,
    "hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "signature" BYTEA NOT NULL,
    "key_id" VARCHAR(32) NOT NULL,
    "is_anchor" BOOL NOT NULL
);

CREATE TABLE "customer" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "state" VARCHAR(12) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "revision" INT NOT NULL,
    "governed_by" VARCHAR(24) NOT NULL,
    "email_verified_at" TIMESTAMPTZ,
    "pending_email_until" TIMESTAMPTZ,
    "cooling_off_until" TIMESTAMPTZ,
    "secured_at" TIMESTAMPTZ,
    "restricted_at" TIMESTAMPTZ,
    "last_sign_in_at" TIMESTAMPTZ
);
CREATE INDEX "idx_customer_state_03c566" ON "customer" ("state", "created_at");

CREATE TABLE "access_grant" (
    "id" UUID NOT NULL PRIMARY KEY,
    "staff_id" UUID NOT NULL,
    "reason" VARCHAR(20) NOT NULL,
    "ticket" VARCHAR(24) NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "closed_at" TIMESTAMPTZ,
    "revealed" JSONB NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_access_gran_staff_i_12ee21" ON "access_grant" ("staff_id");
CREATE INDEX "idx_access_gran_custome_10ba5f" ON "access_grant" ("customer_id");
CREATE INDEX "idx_access_gran_staff_i_e73b20" ON "access_grant" ("staff_id", "opened_at");

CREATE TABLE "action_token" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(24) NOT NULL,
    "digest" BYTEA NOT NULL UNIQUE,
    "subject_id" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_action_toke_expires_f76546" ON "action_token" ("expires_at");
CREATE INDEX "idx_action_toke_custome_610e19" ON "action_token" ("customer_id");
CREATE INDEX "idx_action_toke_custome_3861c3" ON "action_token" ("customer_id", "purpose");

CREATE TABLE "approval" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "subject" VARCHAR(40) NOT NULL,
    "proposed_by" UUID NOT NULL,
    "proposed_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ,
    "approved" BOOL,
    "told_to_customer" BOOL NOT NULL,
    "customer_id" UUID REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_approval_custome_5993cd" ON "approval" ("customer_id");
CREATE INDEX "idx_approval_decided_4db436" ON "approval" ("decided_at", "due_at", "id");

CREATE TABLE "change" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "field" VARCHAR(24) NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL,
    "changed_by" VARCHAR(12) NOT NULL,
    "actor" VARCHAR(80),
    "restorable_until" TIMESTAMPTZ NOT NULL,
    "restored_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_change_changed_fa3547" ON "change" ("changed_at");
CREATE INDEX "idx_change_custome_8fd405" ON "change" ("customer_id");
CREATE INDEX "idx_change_custome_b23f87" ON "change" ("customer_id", "changed_at");

CREATE TABLE "closure" (
    "sealed" BYTEA,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMPTZ,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMPTZ,
    "dead_at" TIMESTAMPTZ,
    "trouble" VARCHAR(80),
    "id" UUID NOT NULL PRIMARY KEY,
    "closed_at" TIMESTAMPTZ NOT NULL,
    "closed_by" VARCHAR(12) NOT NULL,
    "terms_clause" VARCHAR(32),
    "erase_at" TIMESTAMPTZ NOT NULL,
    "erase_by" TIMESTAMPTZ NOT NULL,
    "code_digest" BYTEA NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_closure_erase_a_a047e0" ON "closure" ("erase_at");
CREATE INDEX "idx_closure_custome_adb850" ON "closure" ("customer_id");

CREATE TABLE "complaint" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "person_id" UUID NOT NULL,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "channel" VARCHAR(8) NOT NULL,
    "about_kind" VARCHAR(24),
    "about_id" UUID,
    "received_at" TIMESTAMPTZ NOT NULL,
    "acknowledge_by" TIMESTAMPTZ NOT NULL,
    "acknowledged_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,
    "assigned_to" UUID,
    "authority" VARCHAR(120),
    "regulator_reference" VARCHAR(64),
    "evidence_sha256" VARCHAR(64),
    "customer_id" UUID REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_complaint_person__5df7f4" ON "complaint" ("person_id");
CREATE INDEX "idx_complaint_custome_d4b969" ON "complaint" ("customer_id");
CREATE INDEX "idx_complaint_closed__189f05" ON "complaint" ("closed_at", "acknowledge_by", "id");

CREATE TABLE "consent" (
    "id" UUID NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(24) NOT NULL,
    "decision" VARCHAR(12) NOT NULL,
    "policy_version" VARCHAR(24) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_consent_custome_95b7ca" ON "consent" ("customer_id");
CREATE INDEX "idx_consent_custome_a52909" ON "consent" ("customer_id", "at");

CREATE TABLE "conversation" (
    "id" UUID NOT NULL PRIMARY KEY,
    "assigned_to" UUID,
    "waiting_since" TIMESTAMPTZ,
    "unanswered" INT NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_conversatio_waiting_3a7b81" ON "conversation" ("waiting_since");
CREATE INDEX "idx_conversatio_custome_a39621" ON "conversation" ("customer_id");

CREATE TABLE "event" (
    "id" UUID NOT NULL PRIMARY KEY,
    "alias" BYTEA,
    "at" TIMESTAMPTZ NOT NULL,
    "kind" VARCHAR(16) NOT NULL,
    "action" VARCHAR(48) NOT NULL,
    "actor_kind" VARCHAR(12) NOT NULL,
    "actor_id" UUID,
    "fields_named" JSONB NOT NULL,
    "sealed" BYTEA,
    "position" BIGINT UNIQUE,
    "digest" BYTEA,
    "hash" BYTEA
);
CREATE INDEX "idx_event_at_626eca" ON "event" ("at");
CREATE INDEX "idx_event_alias_8fbb76" ON "event" ("alias", "at");

CREATE TABLE "export" (
    "sealed" BYTEA,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMPTZ,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMPTZ,
    "dead_at" TIMESTAMPTZ,
    "trouble" VARCHAR(80),
    "id" UUID NOT NULL PRIMARY KEY,
    "status" VARCHAR(12) NOT NULL,
    "requested_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "ready_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ,
    "bytes" BIGINT,
    "first_sent_at" TIMESTAMPTZ,
    "downloaded_at" TIMESTAMPTZ,
    "erased_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_export_custome_fc2329" ON "export" ("customer_id");
CREATE INDEX "idx_export_status_924ae1" ON "export" ("status", "requested_at");
CREATE INDEX "idx_export_custome_32f055" ON "export" ("customer_id", "requested_at");

CREATE TABLE "factor_recovery" (
    "id" UUID NOT NULL PRIMARY KEY,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "available_at" TIMESTAMPTZ NOT NULL,
    "cancelled_at" TIMESTAMPTZ,
    "done_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_factor_reco_asked_a_3c195b" ON "factor_recovery" ("asked_at");
CREATE INDEX "idx_factor_reco_custome_599e6e" ON "factor_recovery" ("customer_id");

CREATE TABLE "hold" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "scope" JSONB NOT NULL,
    "placed_at" TIMESTAMPTZ NOT NULL,
    "placed_by" UUID NOT NULL,
    "review_by" TIMESTAMPTZ NOT NULL,
    "told_to_customer" BOOL NOT NULL,
    "released_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_hold_custome_a6fdb3" ON "hold" ("customer_id");
CREATE INDEX "idx_hold_release_770d70" ON "hold" ("released_at", "review_by", "id");

CREATE TABLE "index_entry" (
    "id" UUID NOT NULL PRIMARY KEY,
    "person_id" UUID NOT NULL,
    "field" VARCHAR(24) NOT NULL,
    "digest" BYTEA NOT NULL,
    "use" VARCHAR(12) NOT NULL,
    "claim" BYTEA UNIQUE,
    "until" TIMESTAMPTZ
);
CREATE INDEX "idx_index_entry_person__5f0262" ON "index_entry" ("person_id");
CREATE INDEX "idx_index_entry_digest_ea00e8" ON "index_entry" ("digest", "field");

CREATE TABLE "lease" (
    "name" VARCHAR(40) NOT NULL PRIMARY KEY,
    "holder" VARCHAR(40) NOT NULL,
    "until" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "letter" (
    "sealed" BYTEA,
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMPTZ,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMPTZ,
    "dead_at" TIMESTAMPTZ,
    "trouble" VARCHAR(80),
    "id" UUID NOT NULL PRIMARY KEY,
    "person_id" UUID,
    "template" VARCHAR(40) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "written_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "posted_at" TIMESTAMPTZ,
    "customer_id" UUID REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_letter_person__bc0f6d" ON "letter" ("person_id");
CREATE INDEX "idx_letter_custome_b75d8f" ON "letter" ("customer_id");
CREATE INDEX "idx_letter_posted__e68580" ON "letter" ("posted_at", "retry_at");
CREATE INDEX "idx_letter_custome_28de4e" ON "letter" ("customer_id", "written_at");

CREATE TABLE "message" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(16) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "author_id" UUID,
    "about_kind" VARCHAR(24),
    "about_id" UUID,
    "read_at" TIMESTAMPTZ,
    "idempotency" BYTEA,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_message_custome_c68c3a" UNIQUE ("customer_id", "idempotency")
);
CREATE INDEX "idx_message_custome_d6c667" ON "message" ("customer_id");
CREATE INDEX "idx_message_custome_7baa1e" ON "message" ("customer_id", "at");

CREATE TABLE "news_issue" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(80) NOT NULL UNIQUE,
    "topic" VARCHAR(24),
    "words" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL,
    "reached" UUID,
    "written" INT NOT NULL,
    "done_at" TIMESTAMPTZ
);

CREATE TABLE "note" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "author_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_note_custome_4536ed" ON "note" ("customer_id");
CREATE INDEX "idx_note_custome_2e9ccd" ON "note" ("customer_id", "at");

CREATE TABLE "obligation" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "rule" VARCHAR(24) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "subject_id" UUID,
    "policy_version" VARCHAR(24) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "ceiling" TIMESTAMPTZ,
    "done_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_obligation_custome_6f6122" ON "obligation" ("customer_id");
CREATE INDEX "idx_obligation_custome_8704e8" ON "obligation" ("customer_id", "due_at");
CREATE INDEX "idx_obligation_rule_c871a4" ON "obligation" ("rule", "done_at", "due_at");
CREATE INDEX "idx_obligation_subject_aa650b" ON "obligation" ("subject_id");

CREATE TABLE "passkey" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "credential_digest" BYTEA NOT NULL UNIQUE,
    "sign_count" BIGINT NOT NULL,
    "backed_up" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_used_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_passkey_custome_97a25c" ON "passkey" ("customer_id");

CREATE TABLE "password" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "changed_at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_password_custome_c94c1f" ON "password" ("customer_id");

CREATE TABLE "payment_method" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(12) NOT NULL,
    "is_default" BOOL NOT NULL,
    "added_at" TIMESTAMPTZ NOT NULL,
    "idempotency" BYTEA,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_payment_met_custome_9292df" UNIQUE ("customer_id", "idempotency")
);
CREATE INDEX "idx_payment_met_custome_2e200e" ON "payment_method" ("customer_id");

CREATE TABLE "policy_acceptance" (
    "id" UUID NOT NULL PRIMARY KEY,
    "version" VARCHAR(24) NOT NULL,
    "event" VARCHAR(12) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_policy_acce_custome_e44589" ON "policy_acceptance" ("customer_id");
CREATE INDEX "idx_policy_acce_custome_6077b5" ON "policy_acceptance" ("customer_id", "at");

CREATE TABLE "policy_notice" (
    "id" UUID NOT NULL PRIMARY KEY,
    "version" VARCHAR(24) NOT NULL,
    "letter_id" UUID NOT NULL UNIQUE,
    "written_at" TIMESTAMPTZ NOT NULL,
    "delivered_at" TIMESTAMPTZ,
    "failed_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_policy_noti_custome_007a3c" UNIQUE ("customer_id", "version")
);
CREATE INDEX "idx_policy_noti_custome_5c79d8" ON "policy_notice" ("customer_id");
CREATE INDEX "idx_policy_noti_version_48ee15" ON "policy_notice" ("version");

CREATE TABLE "preferences" (
    "id" UUID NOT NULL PRIMARY KEY,
    "locale" VARCHAR(2) NOT NULL,
    "time_zone" VARCHAR(64) NOT NULL,
    "theme" VARCHAR(8) NOT NULL,
    "news_by_email" BOOL NOT NULL,
    "personalised_content" BOOL NOT NULL,
    "personalised_ads" BOOL NOT NULL,
    "ad_topics" JSONB NOT NULL,
    "preference_cookies" BOOL NOT NULL,
    "statistics_cookies" BOOL NOT NULL,
    "advertising_cookies" BOOL NOT NULL,
    "cookies_decided_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_preferences_custome_9ca687" ON "preferences" ("customer_id");

CREATE TABLE "publication" (
    "version" VARCHAR(24) NOT NULL PRIMARY KEY,
    "sha256" VARCHAR(64) NOT NULL,
    "published_at" TIMESTAMPTZ NOT NULL,
    "valid_from" TIMESTAMPTZ NOT NULL,
    "published_by" UUID
);

CREATE TABLE "recovery_code" (
    "id" UUID NOT NULL PRIMARY KEY,
    "digest" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_recovery_co_digest_577f62" ON "recovery_code" ("digest");
CREATE INDEX "idx_recovery_co_custome_5cc107" ON "recovery_code" ("customer_id");

CREATE TABLE "related_person" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "role" VARCHAR(16) NOT NULL,
    "added_at" TIMESTAMPTZ NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_related_per_custome_a78815" ON "related_person" ("customer_id");

CREATE TABLE "restriction" (
    "id" UUID NOT NULL PRIMARY KEY,
    "request_id" UUID NOT NULL,
    "since" TIMESTAMPTZ NOT NULL,
    "lifted_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_restriction_custome_d0287e" ON "restriction" ("customer_id");

CREATE TABLE "review" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(16) NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "done_at" TIMESTAMPTZ,
    "done_by" UUID,
    "outcome" TEXT
);
CREATE INDEX "idx_review_due_at_c0d43d" ON "review" ("due_at");

CREATE TABLE "rights_request" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(16) NOT NULL UNIQUE,
    "related_person_id" UUID,
    "kind" VARCHAR(12) NOT NULL,
    "channel" VARCHAR(8) NOT NULL,
    "status" VARCHAR(12) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "recorded_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "assigned_to" UUID,
    "document" VARCHAR(20),
    "office_id" VARCHAR(24),
    "checked_by" UUID,
    "confirmed_by" UUID,
    "checked_at" TIMESTAMPTZ,
    "export_id" UUID,
    "copy_ready_at" TIMESTAMPTZ,
    "handed_over_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_rights_requ_custome_01218c" ON "rights_request" ("customer_id");
CREATE INDEX "idx_rights_requ_status_417c89" ON "rights_request" ("status", "due_at", "id");
CREATE INDEX "idx_rights_requ_custome_ad3fc7" ON "rights_request" ("customer_id", "received_at");
CREATE INDEX "idx_rights_requ_assigne_c63378" ON "rights_request" ("assigned_to", "due_at");

CREATE TABLE "search" (
    "id" UUID NOT NULL PRIMARY KEY,
    "staff_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "field" VARCHAR(24) NOT NULL,
    "hits" INT NOT NULL
);
CREATE INDEX "idx_search_at_0c9b99" ON "search" ("at");
CREATE INDEX "idx_search_staff_i_4cb592" ON "search" ("staff_id", "at");

CREATE TABLE "service" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "reference" VARCHAR(64) NOT NULL UNIQUE,
    "kind" VARCHAR(24) NOT NULL,
    "payment_method_id" UUID,
    "started_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_service_custome_67bf43" ON "service" ("customer_id");

CREATE TABLE "session" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(8) NOT NULL,
    "token_digest" BYTEA NOT NULL UNIQUE,
    "refresh_digest" BYTEA UNIQUE,
    "spent_digest" BYTEA,
    "refreshed_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_seen_at" TIMESTAMPTZ NOT NULL,
    "idle_until" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "stepped_up_until" TIMESTAMPTZ,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_session_spent_d_98809b" ON "session" ("spent_digest");
CREATE INDEX "idx_session_custome_ff8507" ON "session" ("customer_id");
CREATE INDEX "idx_session_custome_ab53e1" ON "session" ("customer_id", "ended_at");
CREATE INDEX "idx_session_expires_823c67" ON "session" ("expires_at");

CREATE TABLE "sign_in" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "outcome" VARCHAR(24) NOT NULL,
    "method" VARCHAR(16) NOT NULL,
    "ip_precision" VARCHAR(8) NOT NULL,
    "is_new_device" BOOL NOT NULL,
    "reported_at" TIMESTAMPTZ,
    "session_id" UUID,
    "count" INT NOT NULL,
    "minute_key" BYTEA UNIQUE,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_sign_in_at_639810" ON "sign_in" ("at");
CREATE INDEX "idx_sign_in_custome_f62ba5" ON "sign_in" ("customer_id");
CREATE INDEX "idx_sign_in_custome_1a0a56" ON "sign_in" ("customer_id", "at", "id");
CREATE INDEX "idx_sign_in_ip_prec_d62b29" ON "sign_in" ("ip_precision", "at");

CREATE TABLE "staff" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "roles" JSONB NOT NULL,
    "invited_at" TIMESTAMPTZ NOT NULL,
    "invitation_digest" BYTEA UNIQUE,
    "invitation_until" TIMESTAMPTZ,
    "deactivated_at" TIMESTAMPTZ,
    "locked_at" TIMESTAMPTZ,
    "last_sign_in_at" TIMESTAMPTZ
);

CREATE TABLE "staff_session" (
    "id" UUID NOT NULL PRIMARY KEY,
    "token_digest" BYTEA NOT NULL UNIQUE,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_seen_at" TIMESTAMPTZ NOT NULL,
    "idle_until" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "stepped_up_until" TIMESTAMPTZ,
    "staff_id" UUID NOT NULL REFERENCES "staff" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_staff_sessi_expires_5fd2d4" ON "staff_session" ("expires_at");
CREATE INDEX "idx_staff_sessi_staff_i_7fa85a" ON "staff_session" ("staff_id");

CREATE TABLE "stranger" (
    "id" UUID NOT NULL PRIMARY KEY,
    "digest" BYTEA NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_stranger_at_aa1d99" ON "stranger" ("at");

CREATE TABLE "tombstone" (
    "leased_by" VARCHAR(40),
    "leased_until" TIMESTAMPTZ,
    "tries" INT NOT NULL,
    "retry_at" TIMESTAMPTZ,
    "dead_at" TIMESTAMPTZ,
    "trouble" VARCHAR(80),
    "id" UUID NOT NULL PRIMARY KEY,
    "stage" VARCHAR(16) NOT NULL,
    "clause" VARCHAR(12) NOT NULL,
    "closed_at" TIMESTAMPTZ NOT NULL,
    "erase_by" TIMESTAMPTZ NOT NULL,
    "begun_at" TIMESTAMPTZ NOT NULL,
    "in_ledger_at" TIMESTAMPTZ,
    "key_destroyed_at" TIMESTAMPTZ,
    "rows_gone_at" TIMESTAMPTZ,
    "verified_at" TIMESTAMPTZ,
    "kek_id" VARCHAR(32),
    "code_digest" BYTEA NOT NULL
);
CREATE INDEX "idx_tombstone_stage_317a1e" ON "tombstone" ("stage", "begun_at");

CREATE TABLE "totp" (
    "sealed" BYTEA,
    "id" UUID NOT NULL PRIMARY KEY,
    "begun_at" TIMESTAMPTZ NOT NULL,
    "confirmed_at" TIMESTAMPTZ,
    "last_step" BIGINT NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_totp_custome_d365b0" ON "totp" ("customer_id");
