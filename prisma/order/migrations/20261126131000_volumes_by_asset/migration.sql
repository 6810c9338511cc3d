-- Amounts of several quote assets were added up: they are counted anew, each for itself.
DELETE FROM "daily_volumes";

-- AlterTable
ALTER TABLE "daily_volumes" DROP CONSTRAINT "daily_volumes_pkey",
ADD COLUMN     "asset_code" TEXT NOT NULL,
ADD CONSTRAINT "daily_volumes_pkey" PRIMARY KEY ("account_id", "asset_code", "day");

INSERT INTO "daily_volumes" ("account_id", "asset_code", "day", "volume")
SELECT "account_id", split_part("symbol", '-', 2), floor(extract(epoch FROM "executed_at") / 86400)::int,
  sum("quote_quantity")
FROM "fills" GROUP BY 1, 2, 3;
