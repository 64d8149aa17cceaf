-- Made by `python -m models.migrations.generate`; never changed once it is released.

CREATE TABLE "erasure_probe" (
    "id" UUID NOT NULL PRIMARY KEY,
    "person_id" UUID NOT NULL UNIQUE,
    "kek_id" VARCHAR(32) NOT NULL,
    "probe_key" BYTEA NOT NULL,
    "values" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_erasure_pro_made_at_7306c9" ON "erasure_probe" ("made_at");

CREATE TABLE "keystore_mark" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "mark" BYTEA NOT NULL
);

CREATE TABLE "person_key" (
    "person_id" UUID NOT NULL PRIMARY KEY,
    "kek_id" VARCHAR(32) NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_person_key_kek_id_0fd028" ON "person_key" ("kek_id");
CREATE INDEX "idx_person_key_created_6d0fb0" ON "person_key" ("created_at");
