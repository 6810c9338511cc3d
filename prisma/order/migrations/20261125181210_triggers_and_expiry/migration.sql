-- AlterEnum
ALTER TYPE "OrderStatus" ADD VALUE 'TRIGGERED';

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "TimeInForce" ADD VALUE 'GTD';
ALTER TYPE "TimeInForce" ADD VALUE 'DAY';

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "expire_at" TIMESTAMPTZ(3),
ADD COLUMN     "trigger" JSONB;
