-- DropIndex
DROP INDEX "fills_order_id_idx";

-- DropIndex
DROP INDEX "prevented_matches_maker_order_id_idx";

-- DropIndex
DROP INDEX "prevented_matches_taker_order_id_idx";

-- CreateIndex
CREATE INDEX "fills_order_id_sequence_idx" ON "fills"("order_id", "sequence");

-- CreateIndex
CREATE INDEX "prevented_matches_taker_order_id_at_id_idx" ON "prevented_matches"("taker_order_id", "at", "id");

-- CreateIndex
CREATE INDEX "prevented_matches_maker_order_id_at_id_idx" ON "prevented_matches"("maker_order_id", "at", "id");
