#include "action/sql_statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/sql_text.h"
#include "net/postgres_value.h"

namespace runbook {
namespace {

constexpr std::size_t longest_file = std::size_t{16} << 20U;

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.empty() || path[0] == '/' ? path : cwd + "/" + path;
}

Result<std::string, Failure> source_text(const AttemptContext& context) {
  for (const auto* name : {"query", "script"}) {
    if (const auto found = context.fields.find(name); found != context.fields.end()) return to_text(found->second);
  }
  const auto file = context.fields.find("file");
  if (file == context.fields.end()) return failure(Failure("there is no statement"));
  return read_file(absolute(to_text(file->second), context.cwd), longest_file);
}

}  // namespace

Result<std::vector<PostgresStatement>, Failure> make_statements(const AttemptContext& context) {
  const auto text = source_text(context);
  if (!text) return failure(text.error());
  std::vector<PostgresStatement> statements;
  for (std::string& each : split_statements(*text)) {
    if (const std::string word = transaction_control(each); !word.empty()) {
      return failure(fmt::format("`{}` is not possible: the engine opens and ends the transaction itself", word));
    }
    statements.emplace_back().text = std::move(each);
  }
  if (statements.empty()) return failure(Failure("there is no statement"));
  if (context.fields.contains("query") && statements.size() > 1) {
    return failure(fmt::format("`query` is one statement, this holds {}: use `script`", statements.size()));
  }
  if (const auto params = context.fields.find("params"); params != context.fields.end() && !params->second.is_null()) {
    if (params->second.list() == nullptr) return failure(Failure("`params` is a list"));
    if (!context.fields.contains("query")) return failure(Failure("`params` belong to `query`"));
    for (const Value& value : *params->second.list()) statements[0].parameters.push_back(bind(value));
  }
  return statements;
}

PostgresTarget make_target(const AttemptContext& context) {
  constexpr std::array<std::string_view, 6> paths{"passfile", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir"};
  PostgresTarget target;
  for (const auto& [name, value] : context.connection) {
    const bool is_path = std::find(paths.begin(), paths.end(), name) != paths.end();
    if (!value.is_null()) target.parameters[name] = is_path ? absolute(to_text(value), context.cwd) : to_text(value);
  }
  target.environment = context.environment;
  target.application_name = "runbook:" + context.run + ":" + context.step;
  return target;
}

}  // namespace runbook
