-- CreateIndex
CREATE INDEX "api_keys_user_id_revoked_at_expires_at_idx" ON "api_keys"("user_id", "revoked_at", "expires_at");

-- CreateIndex
CREATE INDEX "sessions_user_id_ended_at_expires_at_idx" ON "sessions"("user_id", "ended_at", "expires_at");
