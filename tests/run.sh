#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Ends with the line "N passed, M failed" (of test cases).
#   tests/run.sh                  the release build
#   tests/run.sh --ci             the address and undefined behaviour sanitizers too, and the thread sanitizer where there are threads
#   tests/run.sh --update-golden  writes what the tests expect anew; review the difference as text
set -euo pipefail
cd "$(dirname "$0")/.."

presets=(release)
for argument in "$@"; do
  case $argument in
    --ci) presets=(release asan tsan) ;;
    --update-golden) export UPDATE_GOLDEN=1 ;;
    *) echo "tests/run.sh: unknown argument $argument" >&2; exit 2 ;;
  esac
done

bash tests/install.sh

passed=0 failed=0
for preset in "${presets[@]}"; do
  cmake --preset "$preset" >"/tmp/runbook-cmake.$$" 2>&1 || { cat "/tmp/runbook-cmake.$$"; exit 1; }
  targets=()
  [ "$preset" != tsan ] || targets=(--target test-loop test-net)  # the only folders with threads: names are resolved, and queries cancelled, in one
  cmake --build --preset "$preset" "${targets[@]}"
  for program in build/"$preset"/test-*; do
    [ -x "$program" ] || continue
    # The scenarios are minutes of waiting for a system to calm down; what they run is sanitized in the other programs.
    [ "$preset/${program##*/}" != asan/test-scenarios ] || continue
    echo "== $program"
    report=$(mktemp)
    status=0
    timeout 900 "$program" --reporter xml --out "$report" || status=$?
    # The last totals of the report are the whole program's; one that died before writing them counts as one failure.
    cases=$(grep -o '<OverallResultsCases [^>]*>' "$report" | tail -n 1 || true)
    if [ -z "$cases" ]; then
      echo "$program ended with $status before its report was whole"
      tail -n 30 "$report"
      failed=$((failed + 1))
    else
      ok=$(sed -E 's/.*successes="([0-9]+)".*/\1/' <<<"$cases")
      bad=$(sed -E 's/.*failures="([0-9]+)".*/\1/' <<<"$cases")
      passed=$((passed + ok)) failed=$((failed + bad))
      [ "$bad" = 0 ] && [ "$status" = 0 ] || timeout 900 "$program" || true
      [ "$status" = 0 ] || [ "$bad" != 0 ] || failed=$((failed + 1))
    fi
    rm -f "$report"
  done
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
