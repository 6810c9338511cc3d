-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "link" JSONB;
