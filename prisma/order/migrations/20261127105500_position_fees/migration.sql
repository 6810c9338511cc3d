-- AlterTable
ALTER TABLE "positions" ADD COLUMN     "fees" DECIMAL(38,18) NOT NULL DEFAULT 0;

-- What Prisma cannot say.
ALTER TABLE "positions" ADD CONSTRAINT "positions_fees_check" CHECK ("fees" >= 0);

-- What was paid before there was such a column.
UPDATE "positions" p SET "fees" = paid."fees"
FROM (SELECT "account_id", "symbol", sum("fee") AS "fees" FROM "fills" GROUP BY 1, 2) paid
WHERE paid."account_id" = p."account_id" AND paid."symbol" = p."symbol";
