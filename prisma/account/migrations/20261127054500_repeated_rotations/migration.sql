-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "rotation_retry_key" TEXT;
