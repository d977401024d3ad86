#include "action/kinds.h"

#include <array>

#include "action/http.h"
#include "action/shell.h"
#include "action/sql.h"
#include "action/ssh.h"
#include "base/invariant.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

struct Row {
  const ActionKind* kind;
  std::unique_ptr<Executor> (*make)(int supervisor);  // nullptr: people answer
};

constexpr std::array<Row, 6> table{{
    {&shell_kind, make_shell_executor},
    {&sql_kind, [](int) { return make_sql_executor(); }},
    {&http_kind, make_http_executor},
    {&ssh_kind, make_ssh_executor},
    {&manual_kind, nullptr},
    {&approve_kind, nullptr},
}};

}  // namespace

std::span<const ActionKind* const> all_kinds() {
  static constexpr auto kinds = [] {
    std::array<const ActionKind*, table.size()> out{};
    for (std::size_t i = 0; i < table.size(); ++i) out[i] = table[i].kind;
    return out;
  }();
  return kinds;
}

Executor& Executors::of(const ActionKind& kind) {
  auto& made = made_[&kind];
  if (made) return *made;
  for (const auto& row : table)
    if (row.kind == &kind && row.make != nullptr) made = row.make(supervisor_);
  invariant(made != nullptr, "a kind without an executor was started");
  return *made;
}

}  // namespace runbook
