-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "secret_used_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "retry_key_hash" TEXT;
