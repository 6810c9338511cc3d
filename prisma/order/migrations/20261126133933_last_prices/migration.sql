-- CreateTable
CREATE TABLE "last_prices" (
    "symbol" TEXT NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,

    CONSTRAINT "last_prices_pkey" PRIMARY KEY ("symbol")
);

-- What Prisma cannot say.
ALTER TABLE "last_prices" ADD CONSTRAINT "last_prices_price_check" CHECK ("price" > 0);

-- What was traded before there was such a table. Quotes on request are agreed off the book.
INSERT INTO "last_prices"
SELECT DISTINCT ON (f."symbol") f."symbol", f."price"
FROM "fills" f JOIN "orders" o ON o."id" = f."order_id"
WHERE (o."link" ->> 'rfqId') IS NULL
ORDER BY f."symbol", f."executed_at" DESC, f."sequence" DESC;
