#!/usr/bin/env bash
# The rollback of a production release, for real, on this machine: PostgreSQL, a cluster with the real kubectl,
# Prometheus, a release that breaks it all, and the runbook that brings it back.
#   examples/demo.sh [--scenario NAME] [--kill] [--keep] [--yes] [--programs FOLDER]
#     --scenario   full-rollback (the default), database-restore, rollout-undo, emergency-rollback
#     --kill       kills the engine with -9 in the middle of the restore; `resume` finishes the run
#     --keep       leaves everything running and says how to try things by hand
#     --yes        starts without asking (so does a call without a terminal)
#     --programs   a folder with the built programs; nothing is installed or built
# It installs what is missing (tests/install.sh), builds the release preset, and works in a new folder in /var/tmp,
# which it removes at the end together with everything it started.
# exit: 0 rolled back and proven   1 not
set -euo pipefail

say() { printf '\n== %s\n' "$*" >&2; }
give_up() {
  echo "demo: $*" >&2
  exit 1
}
# The command as one would type it, then the command.
show() {
  printf '$ %s\n' "$*" >&2
  "$@"
}

scenario=full-rollback kill_engine=no keep=no yes=no programs=""
while [ $# -gt 0 ]; do
  case $1 in
    --scenario) scenario=${2:?} && shift 2 ;;
    --kill) kill_engine=yes && shift ;;
    --keep) keep=yes && shift ;;
    --yes) yes=yes && shift ;;
    --programs) programs=$(realpath -- "${2:?}") && shift 2 ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0" >&2 && exit 2 ;;
  esac
done
restore="" # the path of the step that restores the database
case $scenario in
  full-rollback) broken=all restore=data/restore ;;
  database-restore) broken=data restore=restore ;;
  rollout-undo | emergency-rollback) broken=release ;;
  *) give_up "no scenario $scenario: full-rollback, database-restore, rollout-undo, emergency-rollback" ;;
esac
[ "$kill_engine" = no ] || [ -n "$restore" ] || give_up "--kill is for scenarios that restore: full-rollback, database-restore"

project=$(cd "$(dirname "$0")/.." && pwd)
if [ "$yes" = no ] && [ -t 0 ]; then
  read -r -p "Install missing packages, build, and run $scenario in a new folder in /var/tmp? [y/N] " answer
  [[ $answer == [yYㅛ]* ]] || exit 0
fi

if [ -z "$programs" ]; then
  say "Installing what is missing, building"
  bash "$project/tests/install.sh" build demo
  (cd "$project" && cmake --preset release >/dev/null && cmake --build --preset release)
  programs=$project/build/release
fi

folder=$(mktemp -d /var/tmp/runbook-demo.XXXXXX)
chmod 711 "$folder" # as root, the owner of the database passes through
sandbox() { bash "$project/examples/collector/sandbox.sh" --dir "$folder/sandbox" --programs "$programs" "$@"; }
export RUNBOOK_STATE_DIR=$folder/state
engine="" run=""

clean_up() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  if [ -n "$engine" ]; then kill "$engine" 2>/dev/null || true; fi
  if [ "$keep" = yes ] && [ -e "$folder/sandbox/lock" ]; then
    how_to_go_on
    exit "$status"
  fi
  say "Stopping and removing everything"
  # A run that is still open may have a step at work.
  if [ -n "$run" ] && [ "$status" != 0 ]; then runbook stop "$run" --reason 'the demo ended early' >/dev/null 2>&1 || true; fi
  sandbox down || status=1
  rm -rf --one-file-system "$folder"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

how_to_go_on() {
  cat >&2 <<EOT

== Everything is left running in $folder. To go on by hand:
  eval "\$(bash $project/examples/collector/sandbox.sh --dir $folder/sandbox env)"
  export RUNBOOK_STATE_DIR=$folder/state PATH=$programs:\$PATH
  cd \$RELEASE
  bash $project/examples/collector/sandbox.sh --dir $folder/sandbox break          # v5.4.0 and its migration again
  git checkout -q main
  runbook run runbooks/full-rollback.yaml --var base_url=\$BASE_URL --var prometheus=\$PROMETHEUS_URL
  runbook runs; runbook show @last; kubectl get pods; psql -h \$DB_HOST -U \$DB_USER \$DB_NAME
To end it:
  bash $project/examples/collector/sandbox.sh --dir $folder/sandbox down && rm -rf $folder
EOT
}

# The engine, reachable for everyone who is to approve: a build in somebody's home may not be.
mkdir "$folder/bin"
cp "$programs"/runbook "$programs"/runbook-* "$folder/bin/"
export PATH=$folder/bin:$PATH

# What needs somebody else than the operator is answered by another user of this machine, as it would be in production.
as_second_operator() {
  if [ "$(id -u)" = 0 ]; then
    printf '$ %s    # as nobody\n' "$*" >&2
    setpriv --reuid=nobody --regid=nogroup --clear-groups -- env HOME=/nonexistent "$@"
  else
    printf '$ sudo %s\n' "$*" >&2
    sudo -n env PATH="$PATH" "$@"
  fi
}

say "A production system, healthy on v5.3.0"
sandbox up
eval "$(sandbox env)"
reports() { psql -X -A -t -h "$DB_HOST" -U "$DB_USER" -d "$DB_NAME" -c "SELECT count(*) FROM reports WHERE tenant <> 'smoke-test'"; }
revision() { kubectl get deployment/collector -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision}'; }
reports_before=$(reports)
sandbox status

case $broken in
  all) say "v5.4.0 is deployed, its migration damages the reports, requests fail" ;;
  data) say "A migration damages the reports" ;;
  release) say "v5.4.0 is deployed: slow, a third of the requests fail" ;;
esac
sandbox break "$broken"
sandbox status
revision_broken=$(revision)

cd "$RELEASE"
file=runbooks/$scenario.yaml
flags=(--var "base_url=$BASE_URL" --var "prometheus=$PROMETHEUS_URL")
# Production looks at two minutes of requests and wants a minute of calm; here there is little else to wait for.
# (The emergency runbook brings its own, shorter times.)
[ "$scenario" = emergency-rollback ] || flags+=(--var rate_window=15s --var stable_for=5s)
case $scenario in
  full-rollback) flags+=(--var tag=v5.3.0 --var restore_data=true) ;;
  database-restore) flags+=(--var backup=backups/collector_pre_5.4.sql.gz) ;;
  rollout-undo) flags+=(--var backup=backups/collector_pre_5.4.sql.gz) ;;
esac

say "The plan: nothing is changed"
show runbook run "$file" "${flags[@]}" --plan

say "The run. Without a terminal it stops where it needs people (exit 7), and goes on with resume"
if [ -n "$restore" ]; then flags+=(--confirm "$restore=$DB_NAME"); fi
if [ "$kill_engine" = yes ]; then export RESTORE_RATE=300000; fi # some seconds of restore, to be killed in

# expect WANTED COMMAND...: the engine's exit code says what the run needs next
expect() {
  local wanted=$1 status=0
  shift
  show "$@" </dev/null || status=$?
  run=$(runbook show @last --output json | jq -r .run)
  [ "$status" = "$wanted" ] || give_up "exit $status instead of $wanted; see: runbook show $run"
}

if [ "$scenario" = emergency-rollback ]; then
  expect 0 runbook run "$file" "${flags[@]}" --yes --no-input --reason "demo: $scenario"
else
  expect 7 runbook run "$file" "${flags[@]}" --yes --no-input --reason "demo: $scenario"

  say "The operator answers the checks before a rollback"
  show runbook confirm "$run" preconditions:impact 1 --answer 4
  show runbook confirm "$run" preconditions:impact 2
  show runbook confirm "$run" preconditions:impact 3 --answer 10m
  show runbook confirm "$run" preconditions:restore_tested
  for item in 1 2 3; do show runbook confirm "$run" preconditions:communication "$item"; done
  for item in 1 2 3 4 5; do show runbook confirm "$run" preconditions:before "$item"; done
  expect 7 runbook resume "$run" --no-input

  say "Somebody else approves"
  as_second_operator runbook approve "$run" go --state-dir "$RUNBOOK_STATE_DIR"

  after_restore=0
  if [ "$scenario" = database-restore ]; then after_restore=7; fi # it asks whether the service has to be restarted
  if [ "$kill_engine" = yes ]; then
    restoring() {
      [ "$(psql -X -A -t -h "$DB_HOST" -U "$DB_USER" -d "$DB_NAME" -c "SELECT count(*) FROM pg_stat_activity
          WHERE application_name = 'restore-db' AND query LIKE 'COPY public.reports %'")" = 1 ]
    }
    printf '$ runbook resume %s --no-input &\n' "$run" >&2
    runbook resume "$run" --no-input </dev/null &
    engine=$!
    for _ in $(seq 600); do
      if restoring; then break; fi
      kill -0 "$engine" || give_up "the engine ended before the restore began"
      sleep 0.1
    done
    say "The restore is at work: the engine is killed"
    show kill -KILL "$engine"
    wait "$engine" 2>/dev/null || true
    engine=""
    restoring || give_up "the restore did not outlive the engine"
    echo "The restore goes on without it:" >&2
    show runbook show "$run"
  fi
  expect "$after_restore" runbook resume "$run" --no-input
  if [ "$scenario" = database-restore ]; then
    say "The operator says that the service has to be restarted"
    show runbook confirm "$run" restart
    expect 0 runbook resume "$run" --no-input
  fi
fi

say "The proof"
failures=0
prove() {
  if [ "$2" = "$3" ]; then
    echo "✓ $1: $2"
  else
    echo "✗ $1: $2 instead of $3"
    failures=$((failures + 1))
  fi
}
prove "reports" "$(reports)" "$reports_before"
prove "health" "$(curl -sS --max-time 5 "$BASE_URL/health" | jq -r '.status + ", database " + .database')" "ok, database connected"
prove "images of all pods" "$(kubectl get pods -l app=collector -o json |
  jq -r '[.items[] | select(.metadata.deletionTimestamp == null) | .spec.containers[].image] | unique | join(" ")')" collector:v5.3.0
case $scenario in
  full-rollback) prove "checked out" "$(git describe --tags)" v5.3.0 ;;
  rollout-undo | emergency-rollback) prove "the revision moved once" "$(revision)" "$((revision_broken + 1))" ;;
esac
if [ -n "$restore" ]; then
  prove "times that the restore was started" "$(runbook show "$run" --output json |
    jq --arg step "$restore" '[.events[] | select(.type == "attempt_starting" and .step == $step)] | length')" 1
fi

say "The post-mortem, filled in"
show runbook report "$run"
[ "$failures" = 0 ] || give_up "$failures things are not as they should be"
