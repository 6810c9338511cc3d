-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'ACCOUNT_CLOSED';

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "closed_at" TIMESTAMPTZ(3);

-- What Prisma cannot say: a closed account is HALTED for good, and neither frozen nor the desk's own.
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_closed_check"
  CHECK ("closed_at" IS NULL OR ("trading_state" = 'HALTED' AND "frozen_at" IS NULL AND "kind" = 'CLIENT'));
