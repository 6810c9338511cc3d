-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "audit_action" ADD VALUE 'ACCOUNT_FROZEN';
ALTER TYPE "audit_action" ADD VALUE 'ACCOUNT_UNFROZEN';

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "freeze_reason" TEXT,
ADD COLUMN     "frozen_at" TIMESTAMPTZ(3);
