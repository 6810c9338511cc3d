-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'ISSUER_LINKED';

-- CreateTable
CREATE TABLE "outside_identities" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outside_identities_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateIndex
CREATE UNIQUE INDEX "outside_identities_issuer_user_id_key" ON "outside_identities"("issuer", "user_id");

-- AddForeignKey
ALTER TABLE "outside_identities" ADD CONSTRAINT "outside_identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
