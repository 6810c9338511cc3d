-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'API_KEY_UPDATED';
