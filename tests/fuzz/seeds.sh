#!/usr/bin/env bash
# The corpus to begin with, into build/fuzz/seeds: the runbooks and examples of the project, the texts of the golden files, and
# what lies in tests/fuzz/seeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
seeds=build/fuzz/seeds
rm -rf "$seeds"
mkdir -p "$seeds"/{document,reader,plan,cel,events,records}
for target in document reader plan; do
  cp runbooks/*.yaml examples/*.yaml tests/fuzz/seeds/*.yaml "$seeds/$target"
done
# A golden file holds many small texts, each behind a line that names it.
for golden in tests/runbook/golden/*.txt tests/plan/golden/*.txt; do
  name=$(basename "$golden" .txt)
  for target in document reader plan; do
    awk -v out="$seeds/$target/$name-" '/^--- says/ { file = "" } /^--- [a-z_]+\.yaml/ { file = out (++n) ".yaml"; next } /^===/ { file = "" } file { print > file }' "$golden"
  done
done
n=0
while IFS= read -r line; do
  n=$((n + 1))
  printf '%s' "$line" >"$seeds/cel/$n"
done < <(cat tests/fuzz/seeds/expressions.txt; sed -nE 's/^ *(- )?(expect|when): (.*)$/\3/p' runbooks/*.yaml examples/*.yaml)
cp tests/fuzz/seeds/*.events "$seeds/events"
