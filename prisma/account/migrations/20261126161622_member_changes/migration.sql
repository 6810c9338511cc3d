-- CreateEnum
CREATE TYPE "member_change_kind" AS ENUM ('INVITED', 'JOINED', 'REMOVED');

-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'REMOVED_FROM_ACCOUNT';

-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "invited_by" TEXT;

-- CreateTable
CREATE TABLE "member_changes" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" "member_change_kind" NOT NULL,
    "role" "account_role" NOT NULL,
    "user_id" TEXT,
    "by_user_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_changes_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateIndex
CREATE INDEX "invitations_account_id_expires_at_idx" ON "invitations"("account_id", "expires_at");

-- AddForeignKey
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_changes" ADD CONSTRAINT "member_changes_by_user_id_fkey" FOREIGN KEY ("by_user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: who had which role, and when, is written once.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "member_changes"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
