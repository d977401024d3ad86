#!/usr/bin/env bash
# Builds libFuzzer's targets with clang and runs each for a while, two at once, on top of what it has found before
# (build/fuzz/corpus). What crashes, hangs for 10 s, or takes 512 MB is kept in build/fuzz/found and makes this fail.
#   tests/fuzz/run.sh [SECONDS] [TARGET]...     60 s of each; tests/run.sh --ci gives each FUZZ_TIME seconds
#   FUZZ_SEED=1 tests/fuzz/run.sh               the same inputs each time, as in CI; a seed of its own without it
set -euo pipefail
cd "$(dirname "$0")/../.."
export seconds=${1:-60}
[ $# = 0 ] || shift
targets=("$@")
[ $# -gt 0 ] || targets=(document reader cel plan events records)

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzz-targets
bash tests/fuzz/seeds.sh

run_target() {
  local target=$1 place=build/fuzz log leaks=1 memory=512
  log=$place/$target.log
  mkdir -p "$place/corpus/$target" "$place/found"
  # events: where a promise is broken the input ends by a jump, and what it held is not given back: 0.5 GB in half a minute.
  [ "$target" != events ] || leaks=0 memory=4096
  if ASAN_OPTIONS=detect_leaks=$leaks "$place/fuzz-$target" "$place/corpus/$target" "$place/seeds/$target" \
    -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb="$memory" -malloc_limit_mb=512 -max_len=8192 -detect_leaks="$leaks" \
    -artifact_prefix="$place/found/$target-" -dict=tests/fuzz/dictionary.txt -print_final_stats=1 >"$log" 2>&1; then
    echo "fuzz $target: $(sed -n 's/stat::number_of_executed_units: *//p' "$log") executions in $seconds s, nothing found"
  else
    { echo "fuzz $target: found something; build/fuzz/fuzz-$target FILE shows it again"; tail -n 40 "$log"; } >&2
    return 1
  fi
}
export -f run_target
printf '%s\n' "${targets[@]}" | xargs -P 2 -I TARGET bash -c 'run_target TARGET'
