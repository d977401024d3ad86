// A control group of the step's own, where an ordinary user may make one (systemd: Delegate=yes): what became another user
// (sudo) answers EPERM to our signals, and still dies of `cgroup.kill`. See cgroups(7) and the kernel's cgroup-v2.rst.
#pragma once
#include <string>

namespace runbook {

class ControlGroup {
 public:
  // Makes it below our own group. Root needs none: it may kill everyone. Nothing happens where it cannot be made.
  ControlGroup();
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;
  ~ControlGroup();  // gone, unless something in it lives on (`background: allow`)

  void enter() const;  // the calling process, and what it starts; async-signal-safe
  void kill() const;   // all that is in it, whoever it is
  bool empty() const;  // true where there is none

 private:
  std::string path_, processes_, kill_, events_;
};

}  // namespace runbook
