-- AlterTable
ALTER TABLE "second_factors" ADD COLUMN     "last_use" TEXT;
