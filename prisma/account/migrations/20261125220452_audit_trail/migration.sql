-- CreateEnum
CREATE TYPE "audit_action" AS ENUM ('SIGNED_IN', 'SIGN_IN_FAILED', 'REFRESH_TOKEN_REUSED', 'SESSION_ENDED', 'ALL_SESSIONS_ENDED', 'API_KEY_CREATED', 'API_KEY_ROTATED', 'API_KEY_REVOKED', 'WITHDRAWAL_REQUESTED');

-- CreateTable
CREATE TABLE "audit_entries" (
    "user_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "action" "audit_action" NOT NULL,
    "api_key_id" TEXT,
    "session_id" TEXT,
    "subject_id" TEXT,
    "address" TEXT,
    "user_agent" TEXT,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("user_id","sequence")
);

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody changes what was written, by mistake or otherwise; who owns the table could still drop these, which
-- is what the chain of hashes is for.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
