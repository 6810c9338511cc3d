-- AlterTable
ALTER TABLE "fills" ADD COLUMN     "price_improvement" DECIMAL(38,18);

-- CreateTable
CREATE TABLE "daily_volumes" (
    "account_id" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "volume" DECIMAL(38,18) NOT NULL,

    CONSTRAINT "daily_volumes_pkey" PRIMARY KEY ("account_id","day")
);

-- What Prisma cannot say.

ALTER TABLE "daily_volumes" ADD CONSTRAINT "daily_volumes_volume_check" CHECK ("volume" > 0);

-- What was traded before this was counted.
INSERT INTO "daily_volumes"
SELECT "account_id", (extract(epoch FROM "executed_at")::bigint / 86400)::int, sum("quote_quantity")
FROM "fills" GROUP BY 1, 2;
