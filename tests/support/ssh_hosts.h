// Hosts of our own for tests: a real sshd in a network namespace each, and a configuration of the client's that knows them
// as h0, h1, ... Their links can be cut. Needs root and `ip netns`.
#pragma once
#include <string>
#include <vector>

#include "tests/support/command.h"

namespace runbook::tests {

class SshHosts {
 public:
  // Why there can be none here; empty: there can.
  static std::string impossible();
  // Keys, configuration and an `ssh` of its own lie in the workplace, whose PATH then finds that one first.
  SshHosts(Workplace& workplace, int count);
  SshHosts(const SshHosts&) = delete;
  SshHosts& operator=(const SshHosts&) = delete;
  ~SshHosts();

  void cut(int host) const;  // packets vanish, both ways
  void mend(int host) const;
  void start_sshd(int host, const std::string& settings = {}) const;  // again, as after `stop_sshd`
  void stop_sshd(int host) const;                                     // and every connection with it
  // What lies on the host: its state directory is a folder of the workplace.
  std::string state(int host) const;
  std::string own(const std::string& command) const;  // output of a shell command in the workplace

 private:
  std::string space(int host) const;
  std::string inside(int host) const;  // what a command begins with that runs there
  std::string link(int host) const;
  std::string address(int host, int end) const;
  void claim();
  void make(int host) const;

  Workplace& workplace_;
  int count_;
  std::string name_;
  int base_ = 0;  // of its hosts' numbers among all
};

}  // namespace runbook::tests
