-- AlterTable
ALTER TABLE "rfqs" ADD COLUMN     "look_taken_bps" DECIMAL(38,18);
