#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Ends with the line "N passed, M failed" (of test cases).
#   tests/run.sh                  the release build
#   tests/run.sh --ci             the address and undefined behaviour sanitizers too, the thread sanitizer where there are threads,
#                                 and each fuzz target for FUZZ_TIME seconds (60 where it is not set)
#   tests/run.sh --update-golden  writes what the tests expect anew; review the difference as text
set -euo pipefail
cd "$(dirname "$0")/.."

# The crash suites take as long as they are given: a fifth of their time here, all of it in CI where the machine is fast enough.
export CRASH_TIME=${CRASH_TIME:-20}
tested=0  # how many seconds the tests of the preset before took
presets=(release) fuzz=no
declare -A beside=()  # what is built while a preset is tested
for argument in "$@"; do
  case $argument in
    --ci) presets=(release asan tsan) beside=([release]="asan tsan" [asan]=fuzz) fuzz=yes; export RUNBOOK_NEEDS_NODE=1 ;;
    --update-golden) export UPDATE_GOLDEN=1 ;;
    *) echo "tests/run.sh: unknown argument $argument" >&2; exit 2 ;;
  esac
done

bash tests/install.sh

# CI has 45 minutes: what is left of them when the sanitized tests have taken twice as long as those before, and the fuzz targets
# their time.
left() { echo $((2700 - SECONDS - 2 * tested - 500)); }

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export results

# Each case that failed, whole: what a case says of itself stands before what failed in it.
failed_cases() {
  awk '/<TestCase /{ text = "" } { text = text $0 "\n" } /<\/TestCase>/{ if (text ~ /success="false"/) printf "%s", text }' "$1" |
    sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | head -n 400
}
export -f failed_cases

# PROGRAM[:PART/PARTS]: writes "passed failed" for one program, or for every so manieth of its tests; shows what it says only
# where something failed.
run_program() {
  local program=${1%:*} name=${1//[\/:]/-} status=0 cases ok bad selected=()
  if [ "$program" != "$1" ]; then
    { "$program" --list-test-names-only || true; } |  # its exit code is how many there are
      awk -v part="${1#*:}" '{ split(part, of, "/") } NR % of[2] == of[1] % of[2] { gsub(/[\\,\["]/, "\\\\&"); print }' >"$results/$name.names"
    selected=(--input-file "$results/$name.names")
  fi
  timeout 1200 "$program" "${selected[@]}" --reporter xml --out "$results/$name.xml" >"$results/$name.log" 2>&1 || status=$?
  # The last totals of the report are the whole program's; one that died before writing them counts as one failure.
  cases=$(grep -o '<OverallResultsCases [^>]*>' "$results/$name.xml" | tail -n 1 || true)
  if [ -z "$cases" ]; then
    { echo "$1 ended with $status before its report was whole"; tail -n 30 "$results/$name.log" "$results/$name.xml"; } >&2
    echo "0 1" >"$results/$name.cases"
    return
  fi
  ok=$(sed -E 's/.*successes="([0-9]+)".*/\1/' <<<"$cases")
  bad=$(sed -E 's/.*failures="([0-9]+)".*/\1/' <<<"$cases")
  if [ "$bad" != 0 ]; then
    { cat "$results/$name.log"; failed_cases "$results/$name.xml"; } >&2
  fi
  [ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
  # A name that selects nothing must not be a test less.
  [ ${#selected[@]} = 0 ] || [ $((ok + bad)) -ge "$(wc -l <"$results/$name.names")" ] || bad=$((bad + 1))
  echo "$ok $bad" >"$results/$name.cases"
  echo "== $1: $ok passed, $bad failed"
  grep -ah 'points .* violations' "$results/$name.log" "$results/$name.xml" || true  # the reporter keeps what a case prints
}
export -f run_program

# The folders with threads are all that the thread sanitizer looks at: names are resolved, and queries cancelled, in one.
targets_of() {
  case $1 in
    tsan) echo --target test-loop test-net ;;
    fuzz) echo --target fuzz-targets ;;
  esac
}
build() {  # PRESET
  cmake --preset "$1" >/dev/null
  # shellcheck disable=SC2046
  cmake --build --preset "$1" $(targets_of "$1")
}
export -f build targets_of

build "${presets[0]}"
echo "== ${presets[0]}: built, $SECONDS s so far"
for preset in "${presets[@]}"; do
  begun=$SECONDS
  if [ "$preset" = asan ] && [ "$(left)" -lt 0 ]; then
    echo "fuzz: not run, $SECONDS s are gone already; tests/fuzz/run.sh runs the targets"
    fuzz=no beside[asan]=""
  fi
  # Most of these tests wait: what comes next is built beside them, and lets them go first.
  # shellcheck disable=SC2016,SC2086
  nice -n 19 bash -c 'set -eu; for next in "$@"; do build "$next"; done' build ${beside[$preset]-} >"$results/beside" 2>&1 &
  builder=$!
  # The long ones first. The scenarios are minutes of waiting for a system to calm down; what they run is sanitized in the other
  # programs. test-e2e mostly waits, too, and is run in three parts. test-crash alone: it keeps both processors busy itself, and
  # its suites have their time.
  long=(test-e2e:1/3 test-e2e:2/3 test-e2e:3/3)
  [ "$preset" = asan ] || long=(test-scenarios "${long[@]}")
  {
    for name in "${long[@]}"; do echo "build/$preset/$name"; done
    find "build/$preset" -maxdepth 1 -name 'test-*' -type f -executable | grep -v -e test-e2e -e test-scenarios -e test-crash | sort
  } | while read -r program; do [ ! -x "${program%:*}" ] || echo "$program"; done |
    xargs -P 3 -I PROGRAM bash -c 'run_program PROGRAM'
  tested=$((SECONDS - begun))
  [ ! -x "build/$preset/test-crash" ] || echo "== $preset: all but the crash suites, $SECONDS s so far"
  wait "$builder" || { cat "$results/beside" >&2; exit 1; }
  [ -z "${beside[$preset]-}" ] || echo "== ${beside[$preset]}: built, $SECONDS s so far"
  if [ ! -x "build/$preset/test-crash" ]; then
    echo "== $preset: tested, $SECONDS s so far"
    continue
  elif [ "$preset" = asan ]; then
    CRASH_TIME=10  # sanitized it is many times slower, and sees each kind of point, not each
  elif [ ${#presets[@]} -gt 1 ]; then
    share=$((($(left) - 200) / 10))  # a hundredth is ten seconds; some are kept back
    CRASH_TIME=$((share > 100 ? 100 : share < 10 ? 10 : share))
    echo "== $preset: the crash suites have $CRASH_TIME hundredths of their time"
  fi
  run_program "build/$preset/test-crash"
  echo "== $preset: tested, $SECONDS s so far"
done

if [ "$fuzz" = yes ]; then
  FUZZ_SEED=1 bash tests/fuzz/run.sh "${FUZZ_TIME:-60}" >"$results/fuzz" || true
  found_nothing=$(grep -c 'nothing found$' "$results/fuzz" || true)
  grep '^fuzz ' "$results/fuzz" || tail -n 30 "$results/fuzz" >&2
  echo "== fuzz: run, $SECONDS s so far"
  echo "$found_nothing $(($(grep -c '^fuzz_target(' tests/fuzz/CMakeLists.txt) - found_nothing))" >"$results/fuzz.cases"
fi

read -r passed failed < <(cat "$results"/*.cases | awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }')
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
