// Any text as an expression, checked and evaluated, and as a text with expressions in it. What follows the first NUL is the
// JSON that it reads.
#include <algorithm>
#include <cstdlib>

#include "base/json.h"
#include "cel/expression.h"
#include "cel/template.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace runbook;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, end);
  Value json = Value::Map{{"items", Value::List{std::int64_t{1}, 2.5, "x"}}, {"ok", true}};
  if (end < size)
    if (const auto read = parse_json(input.substr(end + 1))) json = *read;
  const cel::Scope scope = [&](std::string_view root) -> std::optional<Value> {
    if (root == "json") return json;
    if (root == "exit") return Value(std::int64_t{0});
    if (root == "stdout") return Value("a\nb\n");
    return {};
  };
  const auto open = std::make_shared<cel::Names>();
  open->kind = cel::Names::Kind::open;
  const auto number = std::make_shared<cel::Names>();
  number->type = "int";
  cel::Names names;
  names.members = {{"json", open}, {"exit", number}, {"stdout", open}};

  if (const auto expression = cel::Expression::parse(text)) {
    for (const auto& one : cel::check(*expression, names, ""))
      if (one.offset > text.size()) std::abort();
    const auto value = cel::compute(*expression, scope);
    const auto evaluation = cel::evaluate(*expression, scope);
    if (value.has_value() != evaluation.value.has_value()) std::abort();
  } else if (expression.error().empty()) {
    std::abort();
  }
  if (const auto written = cel::Template::parse(text)) {
    cel::check(*written, names);
    const auto value = cel::expand(*written, scope);
    cel::preview(*written, scope);
    if (written->is_literal() && !value) std::abort();
  }
  return 0;
}
