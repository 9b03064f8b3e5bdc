#!/bin/sh
# The registry has a database and a role of its own, so that it cannot read the exchange's.
# Run once by the PostgreSQL image, when its data folder is new.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/registry_password)" \
     --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE registry LOGIN PASSWORD :'password';
CREATE DATABASE registry OWNER registry;
REVOKE CONNECT ON DATABASE exchange FROM PUBLIC;
REVOKE CONNECT ON DATABASE registry FROM PUBLIC;
SQL
