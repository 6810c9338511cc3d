-- These rows are never changed, and written in one statement that has locked their accounts and found
-- them there; looking each key up once more took half of a settlement's time. `npm run audit:ledger`
-- looks for rows that belong to nothing.
-- DropForeignKey
ALTER TABLE "balance_events" DROP CONSTRAINT "balance_events_account_id_fkey";

-- DropForeignKey
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_account_id_fkey";

-- DropForeignKey
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_asset_code_fkey";

-- DropForeignKey
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_transfer_id_fkey";

-- DropForeignKey
ALTER TABLE "transfers" DROP CONSTRAINT "transfers_from_account_id_fkey";

-- DropForeignKey
ALTER TABLE "transfers" DROP CONSTRAINT "transfers_to_account_id_fkey";
