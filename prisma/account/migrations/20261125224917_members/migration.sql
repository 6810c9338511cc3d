-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "audit_action" ADD VALUE 'MEMBER_INVITED';
ALTER TYPE "audit_action" ADD VALUE 'INVITATION_ACCEPTED';
ALTER TYPE "audit_action" ADD VALUE 'MEMBER_REMOVED';

-- CreateTable
CREATE TABLE "invitations" (
    "code_hash" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "role" "account_role" NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("code_hash")
);

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
