#!/usr/bin/env bash
# A real production system in one folder: PostgreSQL, a cluster that the real kubectl talks to, the collector in three
# pods, Prometheus, a release repository with its backups, and clients that use it.
#   sandbox.sh [--dir FOLDER] up [--rows N]      makes what is missing, starts what does not run; v5.3.0, healthy
#   sandbox.sh [--dir FOLDER] break [release|data|all]
#          release: v5.4.0 is deployed: slow, a third of the requests fail       data: its migration damages the reports
#          all (the default): both, as it happened
#   sandbox.sh [--dir FOLDER] status             what runs, pods, versions, reports, health, error rate, response time
#   sandbox.sh [--dir FOLDER] env                export lines for a shell: eval "$(sandbox.sh env)"
#   sandbox.sh [--dir FOLDER] down [--delete]    stops everything; --delete removes the folder too
# Several sandboxes may run at once, each in its folder. The default folder is $RUNBOOK_SANDBOX, otherwise
# ~/.local/state/runbook-sandbox (XDG_STATE_HOME is respected), for root /var/lib/runbook-sandbox.
# As root, PostgreSQL runs as the user postgres ($RUNBOOK_SANDBOX_USER), who must be able to reach the folder.
# The collector comes from build/*/ of the project, or from --programs FOLDER.
set -euo pipefail

say() { echo "sandbox: $*" >&2; }
give_up() {
  say "$*"
  exit 1
}
usage() {
  sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "$(id -u)" = 0 ]; then state=/var/lib; else state=${XDG_STATE_HOME:-$HOME/.local/state}; fi
dir=${RUNBOOK_SANDBOX:-$state/runbook-sandbox}
command="" rows=12000 what=all delete=no built=""
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=${2:?} && shift 2 ;;
    --programs) built=${2:?} && shift 2 ;;
    --rows) rows=${2:?} && shift 2 ;;
    --delete) delete=yes && shift ;;
    up | down | status | env | break) command=$1 && shift ;;
    release | data | all) what=$1 && shift ;;
    *) usage ;;
  esac
done
[ -n "$command" ] || usage
dir=$(realpath -m -- "$dir")
[ ${#dir} -le 80 ] || give_up "the folder's name is too long for a unix socket: $dir"
[[ $dir != *[[:space:]\{\},\[\]]* ]] || give_up "no spaces, commas or brackets in the folder's name, please: $dir"
if [ -z "$built" ]; then # the newest build
  built=$(dirname "$(ls -1t "$here"/../../build/*/collector-v5.4.0 2>/dev/null | sed -n 1p)" 2>/dev/null || true)
  [ -x "$built/collector-v5.3.0" ] || built=""
fi

# shellcheck source=sandbox/processes.sh
. "$here/sandbox/processes.sh"
# shellcheck source=sandbox/database.sh
. "$here/sandbox/database.sh"
# shellcheck source=sandbox/kubernetes.sh
. "$here/sandbox/kubernetes.sh"
# shellcheck source=sandbox/monitoring.sh
. "$here/sandbox/monitoring.sh"

# One command at a time changes a sandbox. Its processes must not inherit the lock (start() closes it).
lock() {
  exec 9>"$dir/lock"
  flock -w 120 9 || give_up "another sandbox.sh is at work in $dir"
}

must_run() {
  local name
  for name in postgres minicluster prometheus traffic; do
    runs "$name" || give_up "$name does not run in $dir: sandbox.sh up"
  done
}

up() {
  local command
  programs=$(postgres_programs)
  [ -n "$programs" ] || give_up "PostgreSQL is missing: bash tests/install.sh demo"
  for command in psql pg_dump prometheus python3 git jq curl gzip setsid setpriv flock; do
    command -v "$command" >/dev/null || give_up "$command is missing: bash tests/install.sh demo"
  done
  if [ -d "$dir" ]; then
    [ -e "$dir/lock" ] || [ -z "$(ls -A "$dir")" ] || give_up "$dir is not empty and no sandbox"
  else
    mkdir -p "$dir"
  fi
  chmod 711 "$dir" # as root, the owner of the database passes through
  lock
  mkdir -p "$dir"/{bin,cluster,home,images,logs,prometheus,run}
  find_kubectl
  make_images
  make_release
  make_cluster
  start_postgres
  make_database
  write_image_list
  start_minicluster
  is_deployed >/dev/null 2>&1 || deploy v5.3.0
  start_prometheus
  start_traffic
  wait_until 30 "the service is healthy" healthy
  wait_until 60 "Prometheus measures response times" at_least 0 latency
  say "ready: $dir"
}

healthy() { [ "$(curl -sf --max-time 5 "$(base_url)/health" | jq -r .status)" = ok ]; }

break_it() {
  must_run
  lock
  if [ "$what" != data ]; then
    deploy v5.4.0
  fi
  if [ "$what" != release ]; then
    say "running the migration of v5.4.0"
    PGHOST=127.0.0.1 PGPORT=$(cat "$dir/run/postgres.port") PGUSER=$db_user PGDATABASE=$db_name \
      PGPASSWORD=$(cat "$dir/run/password") "$dir/images/collector-v5.4.0" migrate >>"$dir/logs/migrate.log" 2>&1 ||
      give_up "the migration failed: $dir/logs/migrate.log"
  fi
  if [ "$what" != data ]; then
    wait_until 60 "the error rate rises" at_least 0.1 error_rate
    wait_until 60 "the response time rises" at_least 0.5 latency
  fi
  say "broken ($what): $(as_collector -A -t -c 'SELECT count(*) FROM reports') reports, error rate $(error_rate), p95 $(latency)s"
}

show_status() {
  local name
  echo "sandbox    $dir"
  [ -e "$dir/lock" ] || { echo "           there is none" && return 1; }
  for name in postgres minicluster prometheus traffic; do
    if runs "$name"; then printf '%-10s runs (pid %s)\n' "$name" "$(cat "$dir/run/$name.pid")"; else printf '%-10s does not run\n' "$name"; fi
  done
  runs postgres && runs minicluster && runs prometheus || return 1
  echo "service    $(base_url)"
  echo "health     $(curl -s --max-time 5 "$(base_url)/health" || echo 'no answer')"
  echo "error rate $(error_rate || true)"
  echo "p95        $(latency || true) s"
  echo "release    $(in_repository "$dir/release" describe --tags --always) checked out"
  echo
  kubectl get deployment,pods -l app=collector -o wide
  echo
  as_collector -c 'SELECT tenant, count(*) AS reports, max(length(body)) AS longest FROM reports GROUP BY tenant ORDER BY tenant'
  (cd "$dir/release" && ls -lht -- backups/collector_*.sql.gz)
}

show_env() {
  runs postgres && runs minicluster && runs prometheus || give_up "it does not run: sandbox.sh up"
  local port
  port=$(cat "$dir/run/postgres.port")
  export_line() { printf 'export %s=%q\n' "$1" "$2"; }
  export_line RUNBOOK_SANDBOX "$dir"
  export_line RELEASE "$dir/release"
  export_line BACKUPS "$dir/release/backups"
  echo "export PATH=$(printf %q "$dir/bin"):\$PATH"
  export_line KUBECONFIG "$dir/cluster/kubeconfig"
  export_line KUBECACHEDIR "$dir/home/.kube/cache"
  export_line DB_HOST 127.0.0.1
  export_line DB_PORT "$port"
  export_line DB_USER "$db_user"
  export_line DB_NAME "$db_name"
  export_line PGPORT "$port" # for a psql without -p, as in the document
  export_line PGPASSWORD "$(cat "$dir/run/password")"
  export_line BASE_URL "$(base_url)"
  export_line PROMETHEUS_URL "$(prometheus_url)"
}

down() {
  [ -d "$dir" ] || return 0
  [ -e "$dir/lock" ] || give_up "$dir is no sandbox"
  mkdir -p "$dir/run" "$dir/logs"
  # Without the lock: an `up` that hangs must not keep anyone from stopping it.
  stop_all
  if [ "$delete" = yes ]; then rm -rf --one-file-system -- "$dir"; fi
}

case $command in
  up) up ;;
  down) down ;;
  break) break_it ;;
  status) show_status ;;
  env) show_env ;;
esac
