#!/usr/bin/env bash
# Does the deployed collector do its job? Asks it from outside, as a client would.
#   scripts/smoke.sh [BASE_URL]
#
# It stores one report, of the tenant "smoke-test", and reads it back.
# environment: BASE_URL (http://collector.production), EXPECTED_VERSION (e.g. v5.3.0: another one is a failure),
#              SMOKE_TIMEOUT (seconds a request may take, 5)
# exit: 0 all checks passed   1 at least one failed   2 wrong usage, or curl or jq is missing
set -euo pipefail

[ $# -le 1 ] || { echo "usage: scripts/smoke.sh [BASE_URL]" >&2; exit 2; }
base=${1:-${BASE_URL:-http://collector.production}}
for command in curl jq; do
  command -v "$command" >/dev/null || { echo "smoke: $command is missing" >&2; exit 2; }
done

failures=0
passed() { echo "ok    $1"; }
failed() { echo "FAIL  $1: $2"; failures=$((failures + 1)); }

# Sets status, body and seconds. A request that gets no answer has the status 000.
request() {
  local answer
  answer=$(curl -sS --max-time "${SMOKE_TIMEOUT:-5}" -w '\n%{http_code} %{time_total}' "$@" 2>&1) || true
  read -r status seconds <<<"${answer##*$'\n'}"
  body=${answer%$'\n'*}
}

# check TITLE WANTED_STATUS JQ_CONDITION [JQ_ARGUMENT]...: about the last request
check() {
  local title=$1 wanted=$2 condition=$3
  shift 3
  if [ "$status" != "$wanted" ]; then
    failed "$title" "status $status instead of $wanted after ${seconds}s: ${body:0:200}"
  elif ! jq -e "$@" "$condition" <<<"$body" >/dev/null 2>&1; then
    failed "$title" "not true: $condition in ${body:0:200}"
  else
    passed "$title (${seconds}s)"
  fi
}

echo "smoke test of $base"

request "$base/health"
check "health" 200 '.status == "ok" and .service == "collector" and .database == "connected"'

request "$base/metrics"
version=$(sed -n 's/^collector_build_info{.*version="\([^"]*\)".*/\1/p' <<<"$body")
if [ "$status" != 200 ] || [ -z "$version" ]; then
  failed "version" "status $status, no collector_build_info in /metrics"
elif [ -n "${EXPECTED_VERSION:-}" ] && [ "$version" != "$EXPECTED_VERSION" ]; then
  failed "version" "$version answers instead of $EXPECTED_VERSION"
else
  passed "version $version"
fi

request "$base/reports?limit=5"
check "list reports" 200 '.count > 0 and (.reports | length) > 0'

text="smoke test of $(date -u +%Y-%m-%dT%H:%M:%SZ) by process $$"
request -X POST -H 'Content-Type: application/json' --data "$(jq -nc --arg text "$text" '{tenant: "smoke-test", body: $text}')" "$base/reports"
check "store a report" 201 '.tenant == "smoke-test" and .body == $text' --arg text "$text"
id=$(jq -r '.id // empty' <<<"$body" 2>/dev/null || true)

if [ -n "$id" ]; then
  request "$base/reports/$id"
  check "read report $id back" 200 '.tenant == "smoke-test" and .body == $text' --arg text "$text"
else
  failed "read the report back" "it was not stored"
fi

request "$base/reports?tenant=smoke-test&limit=1"
check "list a tenant's reports" 200 '.count > 0 and all(.reports[]; .tenant == "smoke-test")'

if [ "$failures" = 0 ]; then
  echo "smoke test passed"
else
  echo "smoke test: $failures checks failed" >&2
  exit 1
fi
