#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: a role and a database for each store. A role
# owns its own database and cannot connect to another one. The locale is built into PostgreSQL: the rules of
# the system's change with its packages, and indexes of texts would be wrong after that.
set -eu

# The passwords stay in the environment: every user of the machine can read a command line.
create_store() {
  psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=name="$1" --set=variable="$2" <<'SQL'
\getenv password :variable
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8'
  LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

create_store account ACCOUNT_DATABASE_PASSWORD
create_store market_data MARKET_DATA_DATABASE_PASSWORD
create_store order ORDER_DATABASE_PASSWORD
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --command='REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'
