#include "view/runs_table.h"

#include "view/sentences.h"
#include "view/table.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence no_runs{"No runs yet.", "아직 실행한 기록이 없습니다."}, open_word{"open", "열림"},
    no_engine{"no engine", "엔진 없음"};

}  // namespace

std::string runs_table(const std::vector<RunLine>& rows, const Style& style) {
  if (rows.empty()) return std::string(no_runs.in(style.language)) + "\n";
  using A = Table::Align;
  Table table({"", "RUN", "STARTED", "TOOK", "STATUS", "BY", "RUNBOOK"},
              {A::left, A::left, A::left, A::right, A::left, A::left, A::left});
  for (const auto& row : rows) {
    std::string status(word_of(row.status, style.language));
    if (row.is_open && row.status != RunStatus::running) status += fmt::format(" ({})", open_word.in(style.language));
    if (row.status == RunStatus::running && !row.is_alive) status += fmt::format(" ({})", no_engine.in(style.language));
    const auto m = mark_of_run(row.status);
    table.add({mark(m, style), row.run, format_local(row.created), brief_duration(row.ended.value_or(row.now) - row.created),
               status, row.host.empty() ? row.by : row.by + "@" + row.host,
               row.title.empty() ? row.runbook : row.runbook + "  " + shown(row.title)},
              m == Mark::good ? Ink::plain : ink_of(m));
  }
  return join_lines(table.lines(0, style));
}

Value runs_value(const std::vector<RunLine>& rows) {
  Value::List out;
  for (const auto& row : rows)
    out.push_back(Value::Map{{"run", row.run},
                             {"runbook", row.runbook},
                             {"title", row.title},
                             {"status", name_of(row.status)},
                             {"open", row.is_open},
                             {"alive", row.is_alive},
                             {"created", format_utc(row.created)},
                             {"ended", row.ended ? Value(format_utc(*row.ended)) : Value()},
                             {"by", row.by},
                             {"host", row.host}});
  return out;
}

}  // namespace runbook
