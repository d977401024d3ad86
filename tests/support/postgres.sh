#!/bin/sh
# A PostgreSQL cluster of our own for tests: postgres.sh start DIR | crash DIR | stop DIR. crash: ended without a checkpoint, and
# started again.
# start prints PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, one NAME=value a line; role `runbook` logs in by password over TCP.
# The server drops to `postgres` or `nobody` where the caller is root, which the server refuses to be.
set -eu
verb=$1 directory=$2
binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

as_server() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
  account=nobody
  id postgres >/dev/null 2>&1 && account=postgres
  setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups env HOME="$directory" "$@"
}

case $verb in
start)
  mkdir -p "$directory"
  if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
    chown "$owner" "$directory"
  fi
  cd "$directory"
  as_server sh -c "echo secret > '$directory/password'"
  as_server "$binaries/initdb" -D "$directory/data" -U runbook --pwfile="$directory/password" -A scram-sha-256 -E UTF8 --locale=C \
    --no-sync >"$directory/initdb.log" 2>&1 || { cat "$directory/initdb.log" >&2; exit 1; }
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  as_server "$binaries/pg_ctl" -D "$directory/data" -w -t 60 -l "$directory/server.log" \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$directory -c fsync=off -c max_connections=40" \
    start >"$directory/start.log" 2>&1 || { cat "$directory/server.log" >&2; exit 1; }
  printf 'PGHOST=127.0.0.1\nPGPORT=%s\nPGUSER=runbook\nPGPASSWORD=secret\nPGDATABASE=postgres\n' "$port"
  ;;
crash)
  cd /
  as_server "$binaries/pg_ctl" -D "$directory/data" -w -t 60 -m immediate -l "$directory/server.log" restart >"$directory/start.log" 2>&1
  ;;
stop)
  cd /
  as_server "$binaries/pg_ctl" -D "$directory/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$directory"
  ;;
*)
  echo "usage: postgres.sh start|crash|stop DIR" >&2
  exit 2
  ;;
esac
