-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "OrderStatus" ADD VALUE 'PENDING_UPDATE';
ALTER TYPE "OrderStatus" ADD VALUE 'REJECTED';

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "instructions" JSONB,
ADD COLUMN     "pending_amend" JSONB,
ADD COLUMN     "prevented_quantity" DECIMAL(38,18) NOT NULL DEFAULT 0,
ADD COLUMN     "reject_reason" TEXT,
ADD COLUMN     "shown_quantity" DECIMAL(38,18);

-- CreateTable
CREATE TABLE "prevented_matches" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "taker_order_id" TEXT NOT NULL,
    "maker_order_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,
    "taker_quantity" DECIMAL(38,18) NOT NULL,
    "maker_quantity" DECIMAL(38,18) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prevented_matches_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "prevented_matches_taker_order_id_idx" ON "prevented_matches"("taker_order_id");

-- CreateIndex
CREATE INDEX "prevented_matches_maker_order_id_idx" ON "prevented_matches"("maker_order_id");

-- What Prisma cannot say. Statuses are compared as text, since a value that is new in this transaction
-- cannot be used in it.

DROP INDEX "orders_live_idx";
-- The journal reads these at its start, and a trader most often.
CREATE INDEX "orders_live_idx" ON "orders"("account_id", "created_sequence") WHERE "closed_at" IS NULL;

ALTER TABLE "orders"
  DROP CONSTRAINT "orders_filled_quantity_check",
  DROP CONSTRAINT "orders_filled_check",
  DROP CONSTRAINT "orders_open_check",
  DROP CONSTRAINT "orders_closed_check",
  DROP CONSTRAINT "orders_reason_check",
  ADD CONSTRAINT "orders_filled_quantity_check" CHECK (
    "filled_quantity" >= 0 AND "prevented_quantity" >= 0
    AND "filled_quantity" + "prevented_quantity" <= "quantity"),
  ADD CONSTRAINT "orders_filled_check"
    CHECK ("status" <> 'FILLED' OR "filled_quantity" + "prevented_quantity" = "quantity"),
  ADD CONSTRAINT "orders_open_check" CHECK (
    ("status"::text IN ('ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED', 'PENDING_UPDATE'))
      = ("priority" IS NOT NULL)
    AND ("status"::text = 'PENDING_UPDATE') = ("pending_amend" IS NOT NULL)
    AND ("shown_quantity" IS NULL OR "priority" IS NOT NULL AND "shown_quantity" > 0)),
  ADD CONSTRAINT "orders_closed_check" CHECK (
    ("status"::text IN ('DENIED', 'REJECTED', 'FILLED', 'CANCELED', 'EXPIRED'))
      = ("closed_at" IS NOT NULL)
    AND ("closed_at" IS NULL OR coalesce("hold_remaining", 0) = 0)),
  ADD CONSTRAINT "orders_reason_check" CHECK (
    ("status"::text = 'DENIED') = ("violations" IS NOT NULL)
    AND ("status"::text = 'REJECTED') = ("reject_reason" IS NOT NULL)
    AND ("status"::text = 'CANCELED') = ("cancel_reason" IS NOT NULL)
    AND ("status"::text = 'EXPIRED') = ("expire_reason" IS NOT NULL));

ALTER TABLE "prevented_matches"
  ADD CONSTRAINT "prevented_matches_amounts_check" CHECK (
    "price" > 0 AND "taker_quantity" >= 0 AND "maker_quantity" >= 0
    AND "taker_quantity" + "maker_quantity" > 0);

ALTER TABLE "outbox"
  DROP CONSTRAINT "outbox_kind_check",
  ADD CONSTRAINT "outbox_kind_check"
    CHECK ("kind" IN ('settleTrade', 'shrinkHold', 'releaseHold'));
