-- Whoever writes the ledger says what it was reckoned from: the accounts as they were then. Called with
-- how many of them are still so; a writer that is behind writes nothing.
CREATE FUNCTION assert_ledger_is_current(current_count bigint, expected_count bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF current_count <> expected_count THEN
    RAISE EXCEPTION 'the ledger has changed since it was read' USING ERRCODE = 'DG001';
  END IF;
  RETURN true;
END $$;
