-- CreateEnum
CREATE TYPE "rail" AS ENUM ('DEPOSITS', 'WITHDRAWALS');

-- CreateTable
CREATE TABLE "rail_suspensions" (
    "asset_code" TEXT NOT NULL,
    "rail" "rail" NOT NULL,
    "reason" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rail_suspensions_pkey" PRIMARY KEY ("asset_code","rail")
);

-- AddForeignKey
ALTER TABLE "rail_suspensions" ADD CONSTRAINT "rail_suspensions_asset_code_fkey" FOREIGN KEY ("asset_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;
