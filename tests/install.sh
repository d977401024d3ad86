#!/usr/bin/env bash
# The one install list (Debian 12). Installs only what is missing, as root or through sudo. What only npm has
# (tests/editor/package.json) goes into build/node: nothing global, nothing into the source tree.
#   tests/install.sh [build|demo|test]...     without an argument: all
set -euo pipefail
tests=$(cd "$(dirname "$0")" && pwd)

build=(g++ cmake ninja-build pkg-config ccache mold libboost1.81-dev libboost-filesystem1.81-dev libboost-json1.81-dev
       libyaml-cpp-dev libfmt-dev catch2 libcurl4-openssl-dev libcli11-dev libexpected-dev libutf8proc-dev libre2-dev
       libsqlite3-dev libpq-dev libssl-dev)
demo=(postgresql postgresql-client prometheus python3 git gzip jq curl procps ca-certificates util-linux)
test=(strace tmux openssl sqlite3 e2fsprogs xfsprogs pgbouncer openssh-server iproute2 busybox-static python3-jsonschema python3-yaml
      shellcheck zsh fish graphviz mandoc groff-base nodejs npm clang libclang-rt-14-dev)   # only tests use these

wanted=()
for group in "${@:-all}"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    demo) wanted+=("${demo[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    all) wanted+=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
    *) echo "tests/install.sh: unknown group $group" >&2; exit 2 ;;
  esac
done

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ] && return
  [ "$1" = npm ] && command -v npm >/dev/null  # other packages of nodejs bring it along, and refuse Debian's
}
missing=()
for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done

install_node_packages() {
  local place=$tests/../build/node
  cmp -s "$tests/editor/package-lock.json" "$place/node_modules/.installed" && return
  mkdir -p "$place"
  cp "$tests/editor/package.json" "$tests/editor/package-lock.json" "$place"
  # A proxy's certificate, where there is one, is in the system's store, which node does not read by itself.
  if ! (cd "$place" && NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2; then
    echo "tests/install.sh: npm cannot install here; the tests of editors, of ajv's verdict and of the YAML suite are skipped" >&2
    rm -rf "$place/node_modules"
    return
  fi
  cp "$tests/editor/package-lock.json" "$place/node_modules/.installed"
}

if [ ${#missing[@]} = 0 ]; then
  [[ " ${wanted[*]} " != *" npm "* ]] || install_node_packages
  exit 0
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
log=$(mktemp)
echo "installing: ${missing[*]}" >&2
# No cluster of Debian's own: every test and demo makes its private one.
as_root mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
  echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  exit 1
fi
rm -f "$log"
[[ " ${wanted[*]} " != *" npm "* ]] || install_node_packages
