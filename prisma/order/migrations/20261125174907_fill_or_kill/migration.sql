-- AlterEnum
ALTER TYPE "TimeInForce" ADD VALUE 'FOK';
