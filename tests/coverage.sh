#!/usr/bin/env bash
# Which lines of the scheduler and of the supervisor the tests reach: build/coverage, then a line for each file.
#   tests/coverage.sh [FOLDER...]     engine/run and engine/supervisor when none is named; fails below 95 % of a folder's lines
set -euo pipefail
cd "$(dirname "$0")/.."
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(engine/run engine/supervisor)
bash tests/install.sh

build=build/coverage
programs=(test-run test-supervisor test-action test-cli test-drive test-schema test-view test-e2e)
mkdir -p "$build"
# A process that ends by _exit, or becomes another program, says what it reached only when it is told to.
cat >"$build/dump.c" <<'END'
void __gcov_dump(void);
void __real__exit(int code);
int __real_fexecve(int program, char* const arguments[], char* const environment[]);
int __real_execvp(const char* program, char* const arguments[]);
void __wrap__exit(int code) { __gcov_dump(); __real__exit(code); }
int __wrap_fexecve(int program, char* const arguments[], char* const environment[]) {
  __gcov_dump();
  return __real_fexecve(program, arguments, environment);
}
int __wrap_execvp(const char* program, char* const arguments[]) {
  __gcov_dump();
  return __real_execvp(program, arguments);
}
END
cc -c "$build/dump.c" -o "$build/dump.o"
wrapped="$PWD/$build/dump.o -Wl,--wrap=_exit,--wrap=fexecve,--wrap=execvp"
# An assertion of ours (invariant) and what follows it are never reached: that is what they say.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g --coverage -fprofile-update=atomic" \
  -DCMAKE_EXE_LINKER_FLAGS="$wrapped" >/dev/null
cmake --build "$build" --target "${programs[@]}" runbook-program runbook-supervisor
find "$build" -name '*.gcda' -delete
# Some tests are of an ordinary user, who says what was reached, too.
umask 0
find "$build" -type d -exec chmod a+rwx {} +
for program in "${programs[@]}"; do
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
