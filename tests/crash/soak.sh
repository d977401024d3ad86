#!/usr/bin/env bash
# Random kills for as long as one likes:   tests/crash/soak.sh --kills N --seed S   (10000 and 1, if not said)
# N engines are killed, while they are alive, and N/10 supervisors; in between PostgreSQL crashes and its backends are terminated. Every change by SQL is
# made once throughout; a line that a step writes, once too, or its step says that it does not know. Fails on the first that is not.
set -euo pipefail
cd "$(dirname "$0")/../.."

kills=10000 seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --kills) kills=$2 ;;
    --seed) seed=$2 ;;
    *) echo "usage: tests/crash/soak.sh --kills N --seed S" >&2; exit 2 ;;
  esac
  shift 2
done
RANDOM=$seed
runbook=$PWD/build/release/runbook
postgres=$PWD/tests/support/postgres.sh
[ -x "$runbook" ] || { echo "build it first: cmake --preset release && cmake --build --preset release" >&2; exit 2; }

work=$(mktemp -d) cluster=$(mktemp -d)
trap '"$postgres" stop "$cluster"; rm -rf "$work"' EXIT
settings=$("$postgres" start "$cluster")
while IFS='=' read -r name value; do export "$name=$value"; done <<<"$settings"
export PGSSLMODE=disable RUNBOOK_LANG=en NO_COLOR=1
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }
ask 'CREATE TABLE effect(tag text, step text); CREATE INDEX ON effect(tag)'
cd "$work"
cat >soak.yaml <<'END'
runbook: 1
id: soak
title: soak
owner: ops
contact: "010"
connections: { db: {} }
vars: { tag: { type: string, required: true } }
steps:
  - { id: one, shell: 'echo one >> log', changes: log }
  - id: both
    steps:
      - { id: left, needs: [], shell: 'echo left >> log; sleep 0.2', changes: log }
      - { id: right, needs: [], sql: { db: db, query: "INSERT INTO effect VALUES ($1, 'right')", params: ["${vars.tag}"] }, changes: a row, expect: affected == 1 }
  - { id: look, shell: 'echo x >> tries; test "$(wc -l < tries)" -ge 3', changes: none, retry: { every: 20ms, for: 1m } }
  - { id: slow, sql: { db: db, query: "INSERT INTO effect SELECT $1, 'slow' FROM pg_sleep(0.03)", params: ["${vars.tag}"] }, changes: a row, expect: affected == 1 }
  - { id: two, shell: 'echo two >> log; sleep 0.1', changes: log }
  - { id: last, sql: { db: db, query: "INSERT INTO effect VALUES ($1, 'last')", params: ["${vars.tag}"] }, changes: a row }
END

violation() {
  echo "VIOLATION in run $n (seed $seed): $1"
  "$runbook" show @last || true
  exit 1
}
sleep_up_to() { sleep "$(printf '0.%03d' $((RANDOM % $1)))"; }
# One of this engine's or of an earlier one's of this run, as soon as there is one: they live for milliseconds.
kill_a_supervisor() {
  local pid
  for _ in {1..20}; do
    for pid in $(pgrep -r R,S,D -x runbook-supervi || true); do
      [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$work" ] && kill -KILL "$pid" 2>/dev/null || continue
      supervisor_killed=1 supervisors=$((supervisors + 1))
      return
    done
    sleep 0.01
  done
}
# What was had, each once: "one left row:right ..."
effects() {
  { sed 's/^/line:/' log 2>/dev/null || true; ask "SELECT 'row:' || step FROM effect WHERE tag = 't$n'"; } | sort
}
# Says the truth about every step that is asked about.
answer() {
  local step kind had=$1
  while IFS=$'\t' read -r step kind; do
    [ "$supervisor_killed" = 1 ] || [ "$server_hit" = 1 ] || violation "$step is asked about ($kind), and only engines were killed"
    if grep -q ":${step##*/}\$" <<<"$had"; then as=done; else as=not-done; fi
    asked=$((asked + 1))
    "$runbook" resolve @last "$step" --as $as --reason looked 2>/dev/null || violation "cannot resolve $step"
  done < <("$runbook" show @last --output json | jq -r '.steps[] | select(.question.what == "in_doubt" or .question.what == "again") | [.path, .question.what] | @tsv')
}

engines=0 supervisors=0 crashes=0 terminations=0 asked=0 n=0
while [ "$engines" -lt "$kills" ] || [ $((supervisors * 10)) -lt "$kills" ]; do
  n=$((n + 1)) supervisor_killed=0 server_hit=0
  rm -rf state log tries
  export RUNBOOK_STATE_DIR=$work/state
  command=(run soak.yaml --var "tag=t$n")
  for _ in {1..30}; do
    "$runbook" "${command[@]}" >/dev/null 2>&1 &
    engine=$!
    sleep_up_to 250
    case $((RANDOM % 40)) in
      0) server_hit=1 crashes=$((crashes + 1)); "$postgres" crash "$cluster" ;;
      1 | 2) server_hit=1 terminations=$((terminations + 1)); ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'runbook:%'" >/dev/null ;;
      [3-9]) kill_a_supervisor ;;
    esac
    kill -KILL $engine 2>/dev/null || true
    code=0
    wait $engine 2>/dev/null || code=$?
    [ "${command[0]}" = resume ] || ! "$runbook" show @last >/dev/null 2>&1 || command=(resume @last)
    [ $code = 137 ] || break # it had ended by itself: that is no kill
    engines=$((engines + 1))
  done
  for _ in 1 2 3 4 5 6 7 8 9; do
    code=0
    timeout 100 "$runbook" "${command[@]}" >said 2>&1 || code=$?
    command=(resume @last)
    case $code in
      0) break ;;
      2) grep -q 'has ended: succeeded' said && code=0 && break || violation "exit 2: $(cat said)" ;;
      7) answer "$(effects)" ;;
      # A step may be begun five times for engines that died before it could take effect; then it says so, and nothing has happened.
      5) grep -q 'could not be started five times' said || [ "$server_hit" = 1 ] || [ "$supervisor_killed" = 1 ] || violation "exit 5: $(cat said)" ;;
      *) violation "exit $code: $(cat said)" ;;
    esac
  done
  [ $code = 0 ] || violation "it does not come to its end: exit $code: $(cat said)"
  [ "$(effects | tr '\n' ' ')" = "line:left line:one line:two row:last row:right row:slow " ] || violation "effects: $(effects | tr '\n' ' ')"
  [ $((n % 50)) != 0 ] || echo "runs $n, engines killed $engines, supervisors $supervisors, server crashes $crashes, terminations $terminations, asked $asked"
done
echo "soak: seed $seed, runs $n, engines killed $engines, supervisors killed $supervisors, server crashes $crashes, backends terminated $terminations times, asked $asked, violations 0"
