-- CreateTable
CREATE TABLE "history_writers" (
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "history_writers_pkey" PRIMARY KEY ("name")
);
