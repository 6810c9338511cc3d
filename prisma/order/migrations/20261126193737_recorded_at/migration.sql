-- AlterTable
ALTER TABLE "account_sequences" ADD COLUMN     "recorded_at" TIMESTAMPTZ(3);

-- When the last event of each account happened: one look for each account.
UPDATE "account_sequences" s SET "recorded_at" = coalesce(
  (SELECT e."at" FROM "order_events" e
    WHERE e."account_id" = s."account_id" AND e."sequence" = s."sequence"),
  'epoch');

-- AlterTable
ALTER TABLE "account_sequences" ALTER COLUMN     "recorded_at" SET NOT NULL;
