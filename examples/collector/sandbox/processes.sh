# The sandbox's processes. Sourced by sandbox.sh; needs $dir.
# shellcheck shell=bash
#
# Every process carries RUNBOOK_SANDBOX_PROCESS=<folder> in its environment, and its children inherit it: what belongs
# to a sandbox is read off the system itself, so `down` also finds what a crashed `up` had not yet written down.

mark="RUNBOOK_SANDBOX_PROCESS=$dir"

# start NAME COMMAND...: in the background, in a session of its own, its output in logs/NAME.log
start() {
  local name=$1 pid
  shift
  env "$mark" setsid "$@" </dev/null >>"$dir/logs/$name.log" 2>&1 9>&- &
  pid=$!
  echo "$pid" >"$dir/run/$name.pid"
  # Until env has run, the new process still has our environment, and would look as if it had ended.
  until is_ours "$pid" || ! kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
}

is_ours() { grep -qzxF -- "$mark" "/proc/$1/environ" 2>/dev/null; }

runs() {
  local pid
  pid=$(cat "$dir/run/$1.pid" 2>/dev/null) && is_ours "$pid"
}

our_pids() {
  local path
  for path in /proc/[0-9]*; do
    path=${path#/proc/}
    is_ours "$path" && echo "$path"
  done
  return 0
}

# wait_until SECONDS WHAT COMMAND...: polls; without success says what it waited for
wait_until() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "sandbox: waited ${seconds}s in vain: $what (logs: $dir/logs)" >&2
      return 1
    fi
    sleep 0.1
  done
}

none_left() { [ -z "$(our_pids)" ]; }

stop_all() {
  local pid
  for pid in $(our_pids); do
    # PostgreSQL: SIGINT ends sessions and shuts down, SIGTERM would wait for them. The server tells its children itself.
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ]; then
      [ "$pid" != "$(head -n 1 "$dir/postgres/data/postmaster.pid" 2>/dev/null)" ] || kill -INT "$pid" 2>/dev/null || true
    else
      kill -TERM "$pid" 2>/dev/null || true
    fi
  done
  if ! wait_until 20 "every process ends" none_left; then
    for pid in $(our_pids); do kill -KILL "$pid" 2>/dev/null || true; done
    wait_until 5 "every killed process ends" none_left
  fi
  rm -f "$dir"/run/*.pid
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
