// One attempt on this host, as one connection sees it: started by it, or found under way, or found ended. Letting go of a
// durable one touches nothing; letting go of a light one ends it (its leash).
#pragma once
#include <sys/types.h>

#include <optional>

#include "supervisor/program/host_files.h"

namespace runbook {

class HostAttempt {
 public:
  // `program`: the open executable that this process runs, for its other role.
  HostAttempt(const HostFiles& files, int program, std::string nonce)
      : files_(files),
        program_(program),
        nonce_(std::move(nonce)) {}
  HostAttempt(const HostAttempt&) = delete;
  HostAttempt& operator=(const HostAttempt&) = delete;
  ~HostAttempt();

  Why launch(host::Launch what);  // empty: a supervisor was started, or somebody else's is or was there
  void look(const host::Look& what);
  void signal(int number);  // delivered now, or at a later look
  bool has_child() const { return child_ > 0; }
  // What became of it; nothing while it runs.
  std::optional<host::Found> ended();

 private:
  Why launch_durable(Order order);
  Why launch_light(Order order, const std::string& script);
  Why spawn(const Order& order, std::initializer_list<int> handed_over);
  bool is_running();
  void pass_signal_on();
  host::Found evidence() const;
  host::Found evidence_of_light() const;
  void close_all();

  const HostFiles& files_;
  int program_;
  std::string nonce_, identity_, world_;
  bool light_ = false;
  pid_t child_ = -1;
  std::optional<int> child_exit_, signal_;
  int slots_ = -1, out_ = -1, err_ = -1, record_ = -1, leash_ = -1;
};

}  // namespace runbook
