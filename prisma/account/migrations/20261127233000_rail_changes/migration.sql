-- CreateTable
CREATE TABLE "rail_changes" (
    "id" BIGSERIAL NOT NULL,
    "asset_code" TEXT NOT NULL,
    "rail" "rail" NOT NULL,
    "reason" TEXT,
    "operator" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rail_changes_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "rail_changes" ADD CONSTRAINT "rail_changes_asset_code_fkey" FOREIGN KEY ("asset_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is suspended now has no record of who did it.
INSERT INTO "rail_changes" ("asset_code", "rail", "reason", "operator", "changed_at")
SELECT "asset_code", "rail", "reason", 'unknown', "since" FROM "rail_suspensions";

-- What Prisma cannot say: who suspended and resumed what, and when, is written once.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "rail_changes"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
