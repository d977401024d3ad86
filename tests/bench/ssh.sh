#!/usr/bin/env bash
# Shell steps on many hosts against Ansible doing the same, in one run on one machine: each host is a real sshd in a network
# namespace of its own. Needs root; installs ansible-core where it is missing.
#   tests/bench/ssh.sh [HOSTS] [STEPS] [ROUNDS]     prints the medians of time and CPU, and the ratios
# Each side makes one connection to each host. OpenSSH's default key exchange is post-quantum (sntrup761x25519) and alone takes
# 50 ms of CPU of the 58 that a connection costs: with it most of our CPU is ssh's, and the ratio tells little of us. So all is
# measured with a classical exchange, too, and with the default one what the connections alone cost: a bare `ssh HOST true` each.
# CPU is that of the control side only: the runner and every ssh that it starts, by control group. Ansible gets what its manual
# recommends: as many forks as hosts, pipelining, connections that persist, no facts, the interpreter told.
set -euo pipefail
cd "$(dirname "$0")/../.."
hosts=${1:-20} steps=${2:-10} rounds=${3:-3}
program=$PWD/build/release/runbook
[ "$(id -u)" = 0 ] || { echo "tests/bench/ssh.sh: needs root (network namespaces)" >&2; exit 2; }
bash tests/install.sh test
command -v ansible-playbook >/dev/null || apt-get install -y -q --no-install-recommends ansible-core >/dev/null

place=$(mktemp -d)
name=rbb$$
if [ -d /sys/fs/cgroup/cpuacct ]; then group=/sys/fs/cgroup/cpuacct/$name; else group=/sys/fs/cgroup/$name; fi
cleanup() {
  for ((h = 0; h < hosts; h++)); do
    ip netns pids "${name}n$h" 2>/dev/null | xargs -r kill -9 || true
    ip link del "${name}l$h" 2>/dev/null || true
    ip netns del "${name}n$h" 2>/dev/null || true
  done
  rmdir "$group" 2>/dev/null || true
  rm -rf "$place"
}
trap cleanup EXIT
mkdir "$group"
mkdir -p /run/sshd "$place/bin"
cd "$place"
ssh-keygen -q -t ed25519 -N '' -f host_key
ssh-keygen -q -t ed25519 -N '' -f key
printf '%s\n' "UserKnownHostsFile $place/known_hosts" 'GlobalKnownHostsFile /dev/null' "IdentityFile $place/key" \
  'IdentitiesOnly yes' 'StrictHostKeyChecking yes' 'User root' "Include $place/exchange" >config
printf '#!/bin/sh\nexec /usr/bin/ssh -F %s/config "$@"\n' "$place" >bin/ssh
chmod 755 bin/ssh
export PATH=$place/bin:$PATH
for ((h = 0; h < hosts; h++)); do
  address=198.19.200.$((h * 4 % 256)) here=198.19.200.$((h * 4 % 256 + 1)) there=198.19.200.$((h * 4 % 256 + 2))
  ip netns add "${name}n$h"
  ip link add "${name}l$h" type veth peer name eth0 netns "${name}n$h"
  ip addr add "$here/30" dev "${name}l$h"
  ip link set "${name}l$h" up
  ip -n "${name}n$h" addr add "$there/30" dev eth0
  ip -n "${name}n$h" link set eth0 up
  mkdir "h$h"
  printf 'Host h%d\n  HostName %s\n' "$h" "$there" >>config
  echo "$there $(cut -d' ' -f1,2 host_key.pub)" >>known_hosts
  printf '%s\n' "ListenAddress $there" "HostKey $place/host_key" "AuthorizedKeysFile $place/key.pub" "PidFile none" 'UsePAM no' \
    'StrictModes no' 'PermitRootLogin yes' 'MaxSessions 100' "SetEnv XDG_STATE_HOME=$place/h$h SHLVL=5" >"sshd$h"
  ip netns exec "${name}n$h" "$(command -v sshd)" -f "$place/sshd$h" -E "$place/sshd$h.log"
done

{
  printf 'runbook: 1\nid: many\ntitle: many\nowner: bench\ncontact: bench\nsteps:\n'
  for ((h = 0; h < hosts; h++)); do
    before=
    for ((s = 0; s < steps; s++)); do
      printf "  - { id: h%d_s%d, needs: [%s], ssh: { host: h%d, script: 'echo %d >> \"\$XDG_STATE_HOME/log\"' }, changes: a file there }\n" \
        "$h" "$s" "$before" "$h" "$s"
      before=h${h}_s$s
    done
  done
} >many.yaml
{
  printf -- '- hosts: all\n  gather_facts: no\n  tasks:\n'
  for ((s = 0; s < steps; s++)); do printf -- '    - ansible.builtin.shell: echo %d >> "$XDG_STATE_HOME/log"\n' "$s"; done
} >many.ansible.yaml
printf '[defaults]\nforks = %d\ninventory = %s/inventory\ninterpreter_python = %s\n[ssh_connection]\npipelining = True\nssh_args = -F %s/config -o ControlMaster=auto -o ControlPersist=60s\ncontrol_path_dir = %s/cp\n' \
  "$hosts" "$place" "$(readlink -f /usr/bin/python3)" "$place" "$place" >ansible.cfg
for ((h = 0; h < hosts; h++)); do echo "h$h"; done >inventory
export ANSIBLE_CONFIG=$place/ansible.cfg

cpu_of_group() {  # milliseconds
  if [ -e "$group/cpuacct.usage" ]; then echo $(($(cat "$group/cpuacct.usage") / 1000000))
  else awk '/^usage_usec/ { print int($2 / 1000) }' "$group/cpu.stat"; fi
}
# EFFECTS COMMAND...: sets `took` and `used`, and looks that each host has had so many effects, once and in order.
measure() {
  local begin cpu effects=$1
  shift
  rm -f "$place"/h*/log
  begin=$(date +%s%N) cpu=$(cpu_of_group)
  (echo "$BASHPID" >"$group/cgroup.procs"; exec "$@") >"$place/out" 2>&1 || { tail -n 30 "$place/out" >&2; exit 1; }
  took=$((($(date +%s%N) - begin) / 1000000))
  # What it leaves for later (masters that persist) belongs to it, and ends before the next is measured.
  xargs -r kill <"$group/cgroup.procs" 2>/dev/null || true
  while [ -s "$group/cgroup.procs" ]; do sleep 0.05; done
  used=$(($(cpu_of_group) - cpu))
  for ((h = 0; h < hosts; h++)); do
    [ "$(cat "h$h/log")" = "$(seq 0 $((effects - 1)))" ] || { echo "h$h: not every step once, in order" >&2; exit 1; }
  done
}
median() { printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b / a }'; }

connect_to_all() {
  for ((h = 0; h < hosts; h++)); do ssh -o BatchMode=yes "h$h" "echo 0 >\"\$XDG_STATE_HOME/log\"" & done
  wait
}
export -f connect_to_all
export hosts

compare() {  # EXCHANGE: its name
  local ours=() theirs=() our_cpu=() their_cpu=() alone=() round a b c d
  for ((round = 0; round <= rounds; round++)); do
    measure "$steps" "$program" run "$place/many.yaml" --state-dir "$place/state-$1-$round" --parallel "$hosts" --progress plain
    [ "$round" = 0 ] || { ours+=("$took"); our_cpu+=("$used"); }  # the first puts our program there, and fills Ansible's caches
    measure "$steps" ansible-playbook "$place/many.ansible.yaml"
    [ "$round" = 0 ] || { theirs+=("$took"); their_cpu+=("$used"); }
    measure 1 bash -c connect_to_all
    [ "$round" = 0 ] || alone+=("$used")
  done
  a=$(median "${ours[@]}") b=$(median "${theirs[@]}") c=$(median "${our_cpu[@]}") d=$(median "${their_cpu[@]}")
  echo "$1 key exchange, load $(cut -d' ' -f1 /proc/loadavg)"
  echo "  time: runbook ${ours[*]} ms (median $a), ansible ${theirs[*]} ms (median $b): $(ratio "$a" "$b") times faster"
  echo "  control CPU: runbook ${our_cpu[*]} ms (median $c), ansible ${their_cpu[*]} ms (median $d): $(ratio "$c" "$d") times less"
  echo "  of it the connections alone: ${alone[*]} ms (median $(median "${alone[@]}"))"
}

echo "$hosts hosts x $steps steps, $(nproc) processors"
: >exchange
compare default
echo 'KexAlgorithms curve25519-sha256' >exchange
compare classical
