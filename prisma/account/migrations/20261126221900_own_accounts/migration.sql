-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "audit_action" ADD VALUE 'ACCOUNT_OPENED';
ALTER TYPE "audit_action" ADD VALUE 'ACCOUNT_RENAMED';

-- CreateTable
CREATE TABLE "account_openings" (
    "user_id" TEXT NOT NULL,
    "client_account_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_openings_pkey" PRIMARY KEY ("user_id","client_account_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_openings_account_id_key" ON "account_openings"("account_id");

-- AddForeignKey
ALTER TABLE "account_openings" ADD CONSTRAINT "account_openings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_openings" ADD CONSTRAINT "account_openings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: an id opens one account for ever.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "account_openings"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
