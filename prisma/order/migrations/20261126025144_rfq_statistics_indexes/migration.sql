-- CreateIndex
CREATE INDEX "fills_executed_at_idx" ON "fills" USING BRIN ("executed_at");

-- CreateIndex
CREATE INDEX "rfqs_closed_at_idx" ON "rfqs" USING BRIN ("closed_at");
