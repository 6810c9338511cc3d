-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "is_arriving" BOOLEAN;

-- What Prisma cannot say. One order at most is on its way through the books.
ALTER TABLE "orders" ADD CONSTRAINT "orders_arriving_check"
  CHECK ("is_arriving" IS NULL OR "is_arriving" AND "priority" IS NOT NULL);
