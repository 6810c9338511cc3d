-- CreateTable
CREATE TABLE "owner_leases" (
    "name" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "owner" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "owner_leases_pkey" PRIMARY KEY ("name")
);

-- Stands before everything that only the owner of the books may write, and keeps the lease as it is until
-- the writer's transaction ends.
CREATE FUNCTION assert_owner(lease text, shown bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM owner_leases WHERE name = lease AND token = shown FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another process owns the order books' USING ERRCODE = 'DG002';
  END IF;
  RETURN true;
END $$;
