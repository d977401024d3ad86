#!/usr/bin/env bash
# The checks of minicluster, through the real kubectl (about two minutes).   usage: run.sh [KUBECTL]
set -euo pipefail
cd "$(dirname "$0")"
status=0
python3 kubectl_commands_test.py "${1:-kubectl}" || status=1
python3 deployment_semantics_test.py "${1:-kubectl}" || status=1
python3 service_test.py "${1:-kubectl}" || status=1
exit $status
