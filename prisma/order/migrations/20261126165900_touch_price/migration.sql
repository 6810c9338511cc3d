-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "touch_price" DECIMAL(38,18);
