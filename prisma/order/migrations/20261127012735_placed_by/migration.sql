-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "placed_by" TEXT;
