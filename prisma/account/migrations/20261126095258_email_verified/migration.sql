-- AlterTable
ALTER TABLE "users" ADD COLUMN     "is_email_verified" BOOLEAN NOT NULL DEFAULT true;

-- Whoever signed up by themselves has not shown that the address is theirs.
UPDATE "users" SET "is_email_verified" = false
WHERE "id" IN (SELECT "user_id" FROM "audit_entries" WHERE "action" = 'SIGNED_UP');
