// The attempts that lie on this host, each in a directory named after its nonce, below the one that the engine's commands
// name: attempts/<nonce>/{attempts,script,out,err}. `attempts` is a slot file of one slot
// (records.h). Nothing here is written twice; what has ended is removed after a week.
#pragma once
#include <string>
#include <variant>

#include "supervisor/host_protocol.h"
#include "supervisor/records.h"

namespace runbook {

using Why = std::string;  // "cannot write script: No space left on device"

class HostFiles {
 public:
  explicit HostFiles(const std::string& root) : root_(root), attempts_(root + "/attempts") {}
  Why make() const;  // the directories, 0700; empty: they are there
  // All of an attempt's files, made and synced, or found as they were; what stands in the answer.
  std::variant<host::Placed, Why> place(const host::Place& wanted) const;

  static bool is_nonce(const std::string& text);  // 32 hexadecimal digits: it becomes a path
  std::string path(const std::string& nonce, const char* name) const { return attempts_ + "/" + nonce + "/" + name; }
  int open(const std::string& nonce, const char* name) const;  // for reading and writing; -1: see errno
  // Light attempts: the script alone, and away with all of it.
  Why write_script(const std::string& nonce, const std::string& script) const;
  void remove(const std::string& nonce) const;
  void remove_old(const std::string& running_program) const;  // of attempts that nobody runs, and of programs replaced since

 private:
  std::string root_, attempts_;
};

std::string read_whole(int descriptor);
Block read_block(int descriptor, BlockKind kind);  // zeros where the file is too short
Why failed(const char* what);                      // with errno's words

}  // namespace runbook
