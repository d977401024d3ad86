#include "tests/support/ssh_hosts.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

namespace runbook::tests {
namespace {

constexpr int most_hosts = 32;
constexpr int blocks = (1 << 17) / 4 / most_hosts;  // in a /15, of four addresses a host

bool succeeds(const std::string& command) { return std::system(("(" + command + ") >/dev/null 2>&1").c_str()) == 0; }

}  // namespace

std::string SshHosts::impossible() {
  static const std::string why = [] {
    if (::geteuid() != 0) return "not root: no network namespaces";
    if (!succeeds("command -v sshd ip ssh-keygen")) return "there is no sshd, or no ip";
    const auto name = "rbtry" + std::to_string(::getpid());
    const bool made = succeeds("ip netns add " + name + " && ip link add " + name + " type veth peer name p" + name +
                               " && nsenter --net=/run/netns/" + name + " true");
    succeeds("ip link del " + name + "; ip netns del " + name);
    return made ? "" : "network namespaces cannot be made here";
  }();
  return why;
}

SshHosts::SshHosts(Workplace& workplace, int count) : workplace_(workplace), count_(count) {
  REQUIRE(count <= most_hosts);
  claim();
  own(R"(
mkdir -p ssh bin
[ -e ssh/host_key ] || { ssh-keygen -q -t ed25519 -N '' -f ssh/host_key; ssh-keygen -q -t ed25519 -N '' -f ssh/key; }
cp ssh/key.pub ssh/authorized_keys
printf '%s\n' 'UserKnownHostsFile '"$PWD"'/ssh/known_hosts' 'GlobalKnownHostsFile /dev/null' 'IdentityFile '"$PWD"'/ssh/key' \
  'IdentitiesOnly yes' 'StrictHostKeyChecking yes' 'User root' > ssh/config
printf '#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh/config "$@"\n' "$PWD" > bin/ssh
chmod 755 bin/ssh
mkdir -p /run/sshd
)");
  workplace_.environment["PATH"] = workplace_.path() + "/bin:" + std::getenv("PATH");
  for (int host = 0; host < count_; ++host) make(host);
}

SshHosts::~SshHosts() {
  for (int host = count_ - 1; host >= 0; --host) {  // the first, by which the addresses are claimed, last
    // What runs in the namespace is killed: sshd, and steps that a test has left.
    workplace_.shell("ip netns pids " + space(host) + " | xargs -r kill -9; ip link del " + link(host) + "; ip netns del " +
                     space(host));
  }
}

std::string SshHosts::space(int host) const { return name_ + "n" + std::to_string(host); }
// Not `ip netns exec` or `ip -n`: those mount things, which a chroot does not allow.
std::string SshHosts::inside(int host) const { return "nsenter --net=/run/netns/" + space(host) + " "; }
std::string SshHosts::link(int host) const { return name_ + "l" + std::to_string(host); }
std::string SshHosts::state(int host) const { return workplace_.path() + "/h" + std::to_string(host); }
// 198.18.0.0/15 is set apart for benchmarks: nothing of the machine's own is there.
std::string SshHosts::address(int host, int end) const {
  const int number = (base_ + host) * 4 + end;
  return "198." + std::to_string(18 + number / 65536) + "." + std::to_string(number / 256 % 256) + "." +
         std::to_string(number % 256);
}

std::string SshHosts::own(const std::string& command) const {
  const auto done = workplace_.shell("set -eu\n" + command);
  INFO(command << "\n" << done.err);
  REQUIRE(done.code == 0);
  return done.out;
}

// Programs that run side by side, and what a killed one has left, have other addresses: the first name that can be made is ours.
void SshHosts::claim() {
  const int first = ::getpid() % blocks;
  for (int next = 0; next < blocks; ++next) {
    const int block = (first + next) % blocks;
    name_ = "rb" + std::to_string(block);
    base_ = block * most_hosts;
    // The link, too: another namespace of files, as in a chroot, has other names, and the same network.
    if (!succeeds("ip netns add " + space(0))) continue;
    if (succeeds("ip link add " + link(0) + " type veth peer name eth0 netns " + space(0))) return;
    succeeds("ip netns del " + space(0));
  }
  FAIL("no addresses are free: what do `ip netns` and `ip link` show?");
}

void SshHosts::make(int host) const {
  const auto n = std::to_string(host);
  if (host > 0)
    own("ip netns add " + space(host) + "\nip link add " + link(host) + " type veth peer name eth0 netns " + space(host));
  own("ip addr add " + address(host, 1) + "/30 dev " + link(host) + "\nip link set " + link(host) + " up\n" + inside(host) +
      "ip addr add " + address(host, 2) + "/30 dev eth0\n" + inside(host) + "ip link set eth0 up\n" + inside(host) +
      "ip link set lo up\nmkdir -p " + state(host) + "\necho 'Host h" + n + "\n HostName " + address(host, 2) +
      "' >> ssh/config\necho '" + address(host, 2) + "' \"$(cut -d' ' -f1,2 ssh/host_key.pub)\" >> ssh/known_hosts");
  start_sshd(host);
}

void SshHosts::start_sshd(int host, const std::string& settings) const {
  const auto n = std::to_string(host);
  own("rm -f ssh/pid" + n + "\ncat > ssh/sshd_config" + n + " <<END\nListenAddress " + address(host, 2) +
      "\nHostKey $PWD/ssh/host_key\n" + "AuthorizedKeysFile $PWD/ssh/authorized_keys\nPidFile $PWD/ssh/pid" + n +
      "\nUsePAM no\nStrictModes no\n" + "PermitRootLogin yes\n" +
      // SHLVL: bash then reads no .bashrc, which on a developer's machine may do anything.
      "SetEnv XDG_STATE_HOME=" + state(host) + " SHLVL=5\n" + settings + "\nEND\n" + inside(host) +
      "$(command -v sshd) -f $PWD/ssh/sshd_config" + n + " -E $PWD/ssh/log" + n +
      // It goes into the background first, and listens then.
      "\nfor i in $(seq 1000); do [ -s ssh/pid" + n + " ] && exit 0; sleep 0.02; done; cat ssh/log" + n + " >&2; exit 1");
}

void SshHosts::stop_sshd(int host) const {
  own("ip netns pids " + space(host) + " | while read -r pid; do case $(cat /proc/$pid/comm) in sshd) kill -9 $pid;; esac; done");
}

void SshHosts::cut(int host) const { own(inside(host) + "ip link set eth0 down"); }
void SshHosts::mend(int host) const { own(inside(host) + "ip link set eth0 up"); }

}  // namespace runbook::tests
