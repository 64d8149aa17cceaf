-- Made by `python -m models.migrations.generate`; never changed once it is released.

CREATE TABLE "erasure_probe" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "person_id" CHAR(36) NOT NULL UNIQUE,
    "kek_id" VARCHAR(32) NOT NULL,
    "probe_key" BLOB NOT NULL,
    "values" BLOB NOT NULL,
    "made_at" TIMESTAMP NOT NULL
);
CREATE INDEX "idx_erasure_pro_made_at_7306c9" ON "erasure_probe" ("made_at");

CREATE TABLE "keystore_mark" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "mark" BLOB NOT NULL
);

CREATE TABLE "person_key" (
    "person_id" CHAR(36) NOT NULL PRIMARY KEY,
    "kek_id" VARCHAR(32) NOT NULL,
    "wrapped" BLOB NOT NULL,
    "created_at" TIMESTAMP NOT NULL
);
CREATE INDEX "idx_person_key_kek_id_0fd028" ON "person_key" ("kek_id");
CREATE INDEX "idx_person_key_created_6d0fb0" ON "person_key" ("created_at");
