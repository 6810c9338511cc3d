-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "audit_action" ADD VALUE 'WITHDRAWAL_ADDRESS_ADDED';
ALTER TYPE "audit_action" ADD VALUE 'WITHDRAWAL_ADDRESS_REMOVED';
ALTER TYPE "audit_action" ADD VALUE 'SAVED_ADDRESSES_ONLY_ON';
ALTER TYPE "audit_action" ADD VALUE 'SAVED_ADDRESSES_ONLY_OFF_REQUESTED';

-- CreateTable
CREATE TABLE "withdrawal_addresses" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "usable_from" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "withdrawal_addresses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_addresses_switches" (
    "user_id" TEXT NOT NULL,
    "off_from" TIMESTAMPTZ(3),

    CONSTRAINT "saved_addresses_switches_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "withdrawal_addresses_user_id_added_at_idx" ON "withdrawal_addresses"("user_id", "added_at");

-- AddForeignKey
ALTER TABLE "withdrawal_addresses" ADD CONSTRAINT "withdrawal_addresses_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "withdrawal_addresses" ADD CONSTRAINT "withdrawal_addresses_asset_code_fkey" FOREIGN KEY ("asset_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_addresses_switches" ADD CONSTRAINT "saved_addresses_switches_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: a user has an address of an asset once at a time.
CREATE UNIQUE INDEX "withdrawal_addresses_valid" ON "withdrawal_addresses" ("user_id", "asset_code", "address")
  WHERE "removed_at" IS NULL;
