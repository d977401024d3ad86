#!/usr/bin/env bash
# Puts the database back to exactly what a backup holds.
#   scripts/restore-db.sh BACKUP        a plain SQL dump, compressed by gzip (pg_dump | gzip)
#
# Everything happens in one transaction: a restore that fails or is killed leaves the database as it was.
# Needs the role that owns the database. What came after the backup is gone, tables that it does not know too.
#
# environment: DB_HOST DB_USER DB_NAME (needed), DB_PORT, and libpq's own (PGPASSWORD, PGPASSFILE, ...)
#   RESTORE_RATE   at most so many bytes of SQL a second, so that a shared server keeps breathing
#   LOCK_TIMEOUT   how long to wait for tables that others use (60s)
# exit: 0 restored   2 wrong usage   3 the backup is missing or damaged   4 the database cannot be reached
#       5 the restore failed   6 restored, but the table reports is empty.   After 2 to 5 nothing has changed.
set -euo pipefail

say() { echo "restore-db: $*"; }
give_up() {
  local status=$1
  shift
  echo "restore-db: $*" >&2
  exit "$status"
}

[ $# = 1 ] || give_up 2 "usage: scripts/restore-db.sh BACKUP"
backup=$1
for name in DB_HOST DB_USER DB_NAME; do
  [ -n "${!name:-}" ] || give_up 2 "$name is not set"
done
export PGHOST=$DB_HOST PGUSER=$DB_USER PGDATABASE=$DB_NAME PGPORT=${DB_PORT:-${PGPORT:-5432}}
export PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-10} PGAPPNAME=restore-db PGOPTIONS='-c client_min_messages=warning'

[ -r "$backup" ] || give_up 3 "cannot read $backup"
gzip -t -- "$backup" || give_up 3 "$backup is damaged"
say "$backup is whole ($(du -h -- "$backup" | cut -f1))"

count() { psql -X -A -t -c 'SELECT count(*) FROM reports' 2>/dev/null || echo unknown; }
psql -X -q -A -t -c 'SELECT 1' >/dev/null || give_up 4 "cannot reach $DB_NAME on $DB_HOST:$PGPORT"
before=$(count)
say "$DB_NAME on $DB_HOST:$PGPORT, $before reports before"

# Before the dump, in the same transaction. Others are disconnected because an idle transaction of one of them
# would hold a lock on a table for ever; the service connects again by itself. One restore at a time.
prologue() {
  printf "SET LOCAL lock_timeout = '%s';\n" "${LOCK_TIMEOUT:-60s}"
  cat <<'SQL'
\o /dev/null
DO $$
DECLARE
  schema name;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('restore-db')) THEN
    RAISE 'another restore of this database is running';
  END IF;
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user;
  FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', schema);
  END LOOP;
  -- As initdb makes it; dumps take it for granted.
  CREATE SCHEMA public;
  IF current_setting('server_version_num')::int >= 150000 THEN
    ALTER SCHEMA public OWNER TO pg_database_owner;
  END IF;
  GRANT USAGE ON SCHEMA public TO PUBLIC;
END $$;
SQL
}

# Copies its input, at most $1 bytes a second.
at_most() {
  local copied=1
  while [ "$copied" -gt 0 ]; do
    copied=$( { LC_ALL=C dd bs="$1" count=1 iflag=fullblock >&3; } 2>&1 | sed -n 's/ bytes\{0,1\} .*//p')
    sleep 1
  done 3>&1
}

dump() {
  if [ -n "${RESTORE_RATE:-}" ]; then gzip -dc -- "$backup" | at_most "$RESTORE_RATE"; else gzip -dc -- "$backup"; fi
}

say "restoring in one transaction"
SECONDS=0
# COMMIT comes only after the whole dump: whoever of the pipe dies early, psql meets the end of its input inside
# the transaction, and that rolls it back. (psql -1 would commit there.)
{ echo 'BEGIN;' && prologue && dump && echo 'COMMIT;'; } | psql -X -q -v ON_ERROR_STOP=1 -f - ||
  give_up 5 "failed after ${SECONDS}s; everything was rolled back"

# The catalog's tables are not ours: a warning for each of them would bury the rest.
PGOPTIONS='-c client_min_messages=error' psql -X -q -c 'ANALYZE' || say "could not analyze; the planner learns later"
after=$(count)
say "restored in ${SECONDS}s: $after reports (before: $before)"
psql -X -c 'SELECT tenant, count(*) AS reports, max(created_at) AS newest FROM reports GROUP BY tenant ORDER BY tenant' || true
[ "$after" != unknown ] && [ "$after" -gt 0 ] || give_up 6 "the table reports is empty"
