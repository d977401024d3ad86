#!/usr/bin/env bash
# Which lines of the scheduler and of the supervisor the tests reach: build/coverage, then a line for each file.
#   tests/coverage.sh [FOLDER...]     engine/run and engine/supervisor when none is named; fails below 95 % of a folder's lines
set -euo pipefail
cd "$(dirname "$0")/.."
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(engine/run engine/supervisor)
bash tests/install.sh

build=build/coverage
# An assertion of ours (invariant) and what follows it are never reached: that is what they say.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g --coverage -fprofile-update=atomic" >/dev/null
cmake --build "$build" --target test-run test-supervisor test-action test-e2e runbook-program runbook-supervisor
find "$build" -name '*.gcda' -delete
for program in test-run test-supervisor test-action test-e2e; do
  timeout 1200 "$build/$program" >/dev/null || echo "$program failed: its lines count all the same" >&2
done
find "$build" -name '*.gcda' -print0 | xargs -0 gcov --json-format --stdout 2>/dev/null | python3 -c '
import collections, json, os, sys

lines = collections.defaultdict(dict)
for text in sys.stdin:
    for file in json.loads(text)["files"]:
        name = os.path.relpath(file["file"])
        for line in file["lines"]:
            known = lines[name]
            known[line["line_number"]] = known.get(line["line_number"], 0) + line["count"]
good = True
for folder in sys.argv[1:]:
    all_of, reached_of = 0, 0
    for name in sorted(lines):
        if not name.startswith(folder + "/"):
            continue
        reached = sum(1 for count in lines[name].values() if count > 0)
        missed = [str(number) for number, count in sorted(lines[name].items()) if count == 0]
        all_of += len(lines[name])
        reached_of += reached
        print(f"{100 * reached / len(lines[name]):6.1f} %  {name}" + ("  not: " + " ".join(missed) if missed else ""))
    share = 100 * reached_of / all_of if all_of else 0
    good = good and share >= 95
    print(f"{share:6.1f} %  {folder}: {reached_of} of {all_of} lines")
sys.exit(0 if good else 1)
' "${folders[@]}"
