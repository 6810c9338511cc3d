-- AlterTable
ALTER TABLE "instruments" ADD COLUMN     "home_venue" TEXT;
