-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "amends" JSONB;
