#!/bin/sh
# PostgreSQL clusters of our own for tests, and a pooler. Each lives in a folder DIR:
#   start DIR [NAME=VALUE]...   a new cluster with these settings
#   standby DIR PRIMARY         a new cluster that follows the one in folder PRIMARY
#   promote DIR                 a standby becomes a primary, on a timeline of its own
#   move DIR PORT               restarted at another port
#   halt DIR, crash DIR         ended without a checkpoint; crash: and started again
#   pooler DIR PORT SIZE        PgBouncer in transaction mode, with SIZE connections to the server at PORT
#   stop DIR                    ended; the folder is removed
# start, standby and pooler print PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, one NAME=value a line; role `runbook` logs
# in by password over TCP. Everything drops to `postgres` or `nobody` where the caller is root, which the server refuses to be.
set -eu
verb=$1 directory=$2
shift 2
binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
account=nobody
id postgres >/dev/null 2>&1 && account=postgres

as_server() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
  setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups env HOME="$directory" "$@"
}
make_folder() {
  mkdir -p "$directory"
  [ "$(id -u)" -ne 0 ] || chown "$account" "$directory"
  cd "$directory"
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
tell() { printf 'PGHOST=127.0.0.1\nPGPORT=%s\nPGUSER=runbook\nPGPASSWORD=secret\nPGDATABASE=postgres\n' "$1"; }
# control VERB [ARGUMENT]...: of pg_ctl
control() {
  as_server "$binaries/pg_ctl" -D "$directory/data" -w -t 60 -l "$directory/server.log" "$@" >"$directory/start.log" 2>&1 ||
    { cat "$directory/start.log" "$directory/server.log" >&2; exit 1; }
}
# start_at PORT [SETTING]...: what nobody waits for stays in memory for long, so that a crash shows it
start_at() {
  options="-c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory -c fsync=off -c wal_writer_delay=10s -c port=$1"
  shift
  for setting in "$@"; do options="$options -c $setting"; done
  control -o "$options" start
}

case $verb in
start)
  make_folder
  as_server sh -c "echo secret > '$directory/password'"
  as_server "$binaries/initdb" -D "$directory/data" -U runbook --pwfile="$directory/password" -A scram-sha-256 -E UTF8 --locale=C \
    --no-sync >"$directory/initdb.log" 2>&1 || { cat "$directory/initdb.log" >&2; exit 1; }
  port=$(free_port)
  start_at "$port" max_connections=40 max_prepared_transactions=4 "$@"
  tell "$port"
  ;;
standby)
  make_folder
  from=$(sed -n 4p "$1/data/postmaster.pid")
  PGPASSWORD=secret as_server "$binaries/pg_basebackup" -h 127.0.0.1 -p "$from" -U runbook -D "$directory/data" -c fast -R -N \
    >"$directory/backup.log" 2>&1 || { cat "$directory/backup.log" >&2; exit 1; }
  port=$(free_port)
  start_at "$port" max_connections=40 max_prepared_transactions=4
  tell "$port"
  ;;
promote)
  cd /
  control promote
  ;;
move)
  cd /
  control -m fast stop
  start_at "$1" max_connections=40 max_prepared_transactions=4
  ;;
halt)
  cd /
  control -m immediate stop
  ;;
crash)
  cd /
  control -m immediate restart
  ;;
pooler)
  make_folder
  port=$(free_port)
  as_server sh -c "cat > pooler.ini" <<END
[databases]
* = host=127.0.0.1 port=$1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
pool_mode = transaction
default_pool_size = $2
auth_type = trust
auth_file = $directory/users
logfile = $directory/pooler.log
pidfile = $directory/pooler.pid
END
  as_server sh -c "echo '\"runbook\" \"secret\"' > users"
  as_server pgbouncer -q -d pooler.ini </dev/null >pooler.start 2>&1 || { cat pooler.start >&2; exit 1; }
  for _ in $(seq 100); do
    PGPASSWORD=secret psql -X -q -A -t -h 127.0.0.1 -p "$port" -U runbook -c "" postgres >pooler.start 2>&1 && break
    sleep 0.05
  done
  tell "$port"
  ;;
stop)
  cd /
  [ ! -e "$directory/pooler.pid" ] || kill "$(cat "$directory/pooler.pid")" 2>/dev/null || true
  [ ! -e "$directory/data" ] || as_server "$binaries/pg_ctl" -D "$directory/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$directory"
  ;;
*)
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
