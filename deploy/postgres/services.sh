#!/bin/bash
# Makes one database and one role for each service; runs once, when the volume is empty.
set -euo pipefail

make_service() { # make_service NAME PASSWORD
  psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v name="$1" -v password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

for service in intake promotion publishing; do
  make_service "$service" "$(cat "/run/secrets/database_passwords__$service")"
done
