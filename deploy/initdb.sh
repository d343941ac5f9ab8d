#!/bin/sh
# Runs once, when the database's volume is empty: the application's role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$DB_PASSWORD" <<'SQL'
CREATE ROLE bihuan LOGIN PASSWORD :'password';
CREATE DATABASE bihuan OWNER bihuan;
SQL
