-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'SIGNED_UP';
