-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "prevented_notional" DECIMAL(38,18) NOT NULL DEFAULT 0;
