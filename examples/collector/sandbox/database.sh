# The sandbox's PostgreSQL: a private cluster, the reports, their backups. Sourced by sandbox.sh.
# shellcheck shell=bash

db_name=collector db_user=collector
pg_user=${RUNBOOK_SANDBOX_USER:-postgres} # as root only: PostgreSQL refuses to run as root

# As root: before each command that must run as the ordinary user who owns the cluster.
owner=()
if [ "$(id -u)" = 0 ]; then owner=(setpriv --reuid="$pg_user" --regid="$pg_user" --init-groups --); fi

postgres_programs() {
  local folder
  folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  if [ -x "$folder/initdb" ]; then echo "$folder"; elif command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

as_admin() { "${owner[@]}" psql -X -q -v ON_ERROR_STOP=1 -h "$dir/postgres/socket" -p "$(cat "$dir/run/postgres.port")" -U postgres "$@"; }
as_collector() {
  PGPASSWORD=$(cat "$dir/run/password") psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(cat "$dir/run/postgres.port")" \
    -U "$db_user" -d "$db_name" "$@"
}

make_cluster() {
  [ -e "$dir/run/password" ] || (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/run/password")
  mkdir -p "$dir/postgres"
  if [ "$(id -u)" = 0 ]; then chown "$pg_user": "$dir/postgres"; fi
  chmod 700 "$dir/postgres"
  "${owner[@]}" test -x "$dir/postgres" ||
    give_up "the user $pg_user cannot reach $dir, and PostgreSQL does not run as root: choose another folder with --dir"
  [ -e "$dir/postgres/data" ] && return
  say "creating a PostgreSQL cluster"
  "${owner[@]}" rm -rf "$dir/postgres/new" # of an `up` that was cut off
  "${owner[@]}" mkdir -p -m 700 "$dir/postgres/socket"
  # Over TCP with a password; over the socket, whose folder only the owner may enter, without.
  "${owner[@]}" "$programs/initdb" -D "$dir/postgres/new" -U postgres -E UTF8 --locale=C.UTF-8 --no-sync \
    --auth-local=trust --auth-host=scram-sha-256 >"$dir/logs/initdb.log" 2>&1 || give_up "initdb failed: $dir/logs/initdb.log"
  "${owner[@]}" mv "$dir/postgres/new" "$dir/postgres/data"
}

start_postgres() {
  runs postgres && return
  local try
  for try in 1 2 3 4 5; do
    # The same port as before where it is still free: whoever has `sandbox.sh env` in a shell goes on working.
    if [ "$try" != 1 ] || [ ! -e "$dir/run/postgres.port" ]; then free_port >"$dir/run/postgres.port"; fi
    start postgres "${owner[@]}" "$programs/postgres" -D "$dir/postgres/data" -p "$(cat "$dir/run/postgres.port")" \
      -k "$dir/postgres/socket" -c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=32MB
    if wait_until 30 "PostgreSQL answers" postgres_answers_or_ended && as_admin -d postgres -c 'SELECT 1' >/dev/null 2>&1; then return; fi
  done
  give_up "PostgreSQL does not start: $dir/logs/postgres.log"
}

postgres_answers_or_ended() { ! runs postgres || as_admin -d postgres -c 'SELECT 1'; }

# Rows of four tenants, an hour apart; the newest is of the evening before v5.4.0 was deployed.
add_reports() {
  as_collector -v rows="$1" <<'SQL'
INSERT INTO reports (tenant, body, created_at)
SELECT (ARRAY['acme', 'globex', 'initech', 'umbrella'])[1 + n % 4],
       'report ' || n || ': ' || repeat(md5(n::text) || ' ', 4),
       timestamptz '2025-01-01 12:00+09' - make_interval(mins => (12000 - n)::int)
FROM generate_series((SELECT count(*) FROM reports) + 1, :rows) AS n;
SQL
}

# backup NAME DATE: a real dump, dated as if it had been made then (`ls -t` shows the newest first)
backup() {
  local file=$dir/release/backups/$1
  PGPASSWORD=$(cat "$dir/run/password") pg_dump -h 127.0.0.1 -p "$(cat "$dir/run/postgres.port")" -U "$db_user" --no-owner "$db_name" |
    gzip >"$file.new"
  touch -d "$2" "$file.new"
  mv "$file.new" "$file"
}

# The database with its history, and a backup at each point of it. An `up` that was cut off begins it anew.
make_database() {
  [ -e "$dir/release/backups/collector_pre_5.4.sql.gz" ] && return
  say "filling the database ($rows reports), making backups"
  as_admin -d postgres -v password="$(cat "$dir/run/password")" -v user="$db_user" -v name="$db_name" <<'SQL'
SET client_min_messages = warning;
DROP DATABASE IF EXISTS :"name" WITH (FORCE);
SELECT format('CREATE ROLE %I LOGIN', :'user') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'user') \gexec
ALTER ROLE :"user" PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"user";
SQL
  as_collector -1 -f - <"$here/sandbox/schema.sql"
  add_reports $((rows / 2))
  backup collector_20241231_120000.sql.gz '2024-12-31 12:00:00'
  add_reports $((rows * 3 / 4))
  backup collector_20250101_120000.sql.gz '2025-01-01 12:00:00'
  add_reports "$rows"
  backup collector_pre_5.4.sql.gz '2025-01-02 09:00:00'
}
