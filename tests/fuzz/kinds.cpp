#include "tests/fuzz/kinds.h"

#include <array>

#include "action/http.h"
#include "action/shell.h"
#include "action/sql.h"
#include "action/ssh.h"
#include "runbook/read_runbook.h"

namespace runbook::fuzz {

std::span<const ActionKind* const> kinds() {
  static constexpr std::array<const ActionKind*, 6> all{&shell_kind, &sql_kind,    &http_kind,
                                                        &ssh_kind,   &manual_kind, &approve_kind};
  return all;
}

}  // namespace runbook::fuzz
