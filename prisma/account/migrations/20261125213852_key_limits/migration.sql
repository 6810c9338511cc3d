-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "account_ids" TEXT[],
ADD COLUMN     "ip_allow_list" TEXT[],
ADD COLUMN     "last_used_address" TEXT,
ADD COLUMN     "previous_secret_hash" TEXT,
ADD COLUMN     "previous_secret_until" TIMESTAMPTZ(3),
ADD COLUMN     "touches_all_accounts" BOOLEAN NOT NULL DEFAULT true;
