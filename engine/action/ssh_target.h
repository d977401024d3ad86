// Where an `ssh` step goes, and what is said to the user's `ssh` to get there. Pure: the commands, and what their end means.
#pragma once
#include <optional>

#include "base/safe_file.h"
#include "base/value.h"
#include "loop/loop.h"

namespace runbook {

struct SshTarget {
  std::string host, user;  // empty: as the user's ssh configuration says
  std::int64_t port = 0;   // 0: as above
  auto operator<=>(const SshTarget&) const = default;
};

// From the resolved fields; the error names what no host, user or port can be. A name that a shell would take apart is none:
// the user's own configuration may hand it to one (`ProxyCommand ... %h`; CVE-2023-51385).
Result<SshTarget, Failure> ssh_target(const Record& fields);
std::string in_words(const SshTarget& target);  // "deploy@web1:2222"

// Our program, as it is put on a host: there its name holds its digest.
struct HostProgram {
  int descriptor = -1;
  std::string digest;  // 32 hexadecimal digits
  std::int64_t size = 0;
};

// What the login shell there gets: constants, and the digest and size of our program. Every value travels inside the
// conversation.
std::string talk_command(const HostProgram& program);
std::string install_command(const HostProgram& program);
std::vector<std::string> ssh_arguments(const SshTarget& target, const std::string& command);

// How a connection ended before the first word, or in the middle.
struct SshEnd {
  enum class Kind {
    unreachable,  // waiting may help
    refused,      // waiting does not help: host key, permission, no such host, no shell, full disk
    not_there,    // our program is not there, or cannot be run as it lies there
  } kind = Kind::unreachable;
  std::string why;
};
// `said`: what came before the greeting, none of ours or the word that the program is missing; `errors`: ssh's own and what
// came through it. `machine`: this one's, as uname -m says.
SshEnd ssh_end(const ExitStatus& status, std::string_view said, std::string_view errors, std::string_view machine);
// Of the installation: nothing where it went well.
std::optional<SshEnd> install_end(const ExitStatus& status, std::string_view said, std::string_view errors);

}  // namespace runbook
