#!/usr/bin/env bash
# `runbook lint` against yaml-cpp's event parser alone over the same text, in one run on one machine.
#   tests/bench/lint.sh [STEPS] [ROUNDS]     prints the least time of each, the ratio, and the most memory
# Beside that, for a twentieth as many steps whose scripts are not plain commands: lint against shellcheck alone over the same.
# Least and not median: both only compute, and whatever else runs on the machine only adds. Processor time, for the same reason.
# Bars: 10,000 steps at most 1.4 times the parser and 100 MB; 100,000 steps at most 12 times 10,000.
set -euo pipefail
cd "$(dirname "$0")/../.."
steps=${1:-10000} rounds=${2:-9}
program=$PWD/build/release/runbook
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

g++ -std=c++20 -O2 tests/bench/yaml_events.cpp -o "$place/yaml_events" -Wl,-Bstatic -lyaml-cpp -Wl,-Bdynamic
{
  printf 'runbook: 1\nid: long\ntitle: 긴 런북\nowner: bench\ncontact: bench\nsteps:\n'
  for ((i = 1; i <= steps; i++)); do
    printf '  - id: s%d\n    title: 단계 %d 의 상태 확인\n    shell: kubectl get pods -n "ns-%d"\n    changes: none\n    timeout: 30s\n' "$i" "$i" "$i"
  done
} >"$place/long.yaml"
mkdir "$place/scripts"
{
  printf 'runbook: 1\nid: scripts\ntitle: 스크립트\nowner: bench\ncontact: bench\nsteps:\n'
  for ((i = 1; i <= (steps + 19) / 20; i++)); do
    script="for pod in \$(kubectl get pods -n \"ns-$i\" -o name); do kubectl logs \"\$pod\"; done"
    printf '%s\n' "$script" >"$place/scripts/$i.bash"
    printf "  - id: s%d\n    title: 로그 %d\n    shell: '%s'\n    changes: none\n" "$i" "$i" "$script"
  done
} >"$place/scripts.yaml"

python3 - "$rounds" "$place" "$program" <<'EOF'
import glob, os, subprocess, sys

rounds, place, program = int(sys.argv[1]), *sys.argv[2:]
file, events = place + "/long.yaml", place + "/yaml_events"

def measured(command):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit("%s: %s" % (command, said.decode()))
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024

theirs, ours = [], []
for _ in range(rounds):
    theirs.append(measured([events, file]))
    ours.append(measured([program, "lint", file, "--limit", "size=64MiB", "--limit", "nodes=10000000"]))
least, most = lambda all: min(ms for ms, _ in all), lambda all: max(mb for _, mb in all)
print("lint %.0f ms (%.0f MB), yaml-cpp's events %.0f ms (%.0f MB), %d bytes: ratio %.2f"
      % (least(ours), most(ours), least(theirs), most(theirs), os.path.getsize(file), least(ours) / least(theirs)))

scripts = glob.glob(place + "/scripts/*.bash")
alone, ours = [], []
for _ in range(min(rounds, 3)):
    alone.append(measured(["shellcheck", "--norc", "-f", "json1", "-S", "warning", "-s", "bash", *scripts]))
    ours.append(measured([program, "lint", place + "/scripts.yaml"]))
print("%d scripts that are not plain: lint %.0f ms, shellcheck alone %.0f ms: ratio %.2f"
      % (len(scripts), least(ours), least(alone), least(ours) / least(alone)))
EOF
