// cel-conformance FILE...: runs cases of the cel-spec project's conformance suite, one JSON object a line:
// file, section, name, expr, bindings, and either `value` (tagged with its type) or `error: true`.
// Exit status: 0 all passed, 1 something failed, 2 a file cannot be read, 77 no files (the cases are not part of this project).
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "cel/expression.h"

namespace {

using namespace runbook;

std::string text_of(const Value& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member ? member->string() : nullptr;
  return text ? *text : std::string();
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

double double_of(const Value& written) {
  if (const auto* d = written.number()) return *d;
  if (const auto* i = written.integer()) return static_cast<double>(*i);
  return std::stod(*written.string());  // takes "inf", "-Infinity", "NaN" too
}

// A length or a point of time is written as CEL writes it.
Value computed(const std::string& expression) { return cel::compute(*cel::Expression::parse(expression), {}).value(); }

Value untagged(const Value& tagged) {
  const auto& [tag, content] = *tagged.map()->begin();
  const std::string kind = *tag.string();
  if (kind == "null") return {};
  if (kind == "bool") return content;
  if (kind == "int") return std::int64_t{std::stoll(*content.string())};
  if (kind == "uint") return std::uint64_t{std::stoull(*content.string())};
  if (kind == "double") return double_of(content);
  if (kind == "string") return content;
  if (kind == "bytes") return Value::Bytes{bytes_of_hex(*content.string())};
  if (kind == "type") return Value::Type{*content.string()};
  if (kind == "duration" || kind == "timestamp") return computed(kind + "(" + json_quote(*content.string()) + ")");
  if (kind == "list") {
    Value::List list;
    for (const auto& element : *content.list()) list.push_back(untagged(element));
    return list;
  }
  if (kind == "map") {
    Value::Map map;
    for (const auto& entry : *content.list()) map.emplace(untagged((*entry.list())[0]), untagged((*entry.list())[1]));
    return map;
  }
  throw std::runtime_error("unknown tag " + kind);
}

// A binding may have a qualified name: `a.b` then is a member of `a`, and the longest name wins.
void set_member(Value& into, std::string_view name, const Value& value) {
  if (name.empty()) {
    into = value;
    return;
  }
  const auto dot = std::min(name.find('.'), name.size());
  Value::Map members = into.map() ? *into.map() : Value::Map();
  set_member(members[Value(name.substr(0, dot))], name.substr(std::min(dot + 1, name.size())), value);
  into = std::move(members);
}

Value bound(const Value& bindings) {
  std::vector<std::pair<std::string, Value>> all;
  for (const auto& [name, value] : *bindings.map()) all.emplace_back(*name.string(), untagged(value));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first.size() < b.first.size(); });
  Value scope = Value::Map();
  for (const auto& [name, value] : all) set_member(scope, name, value);
  return scope;
}

// Case names outside the subset, as "file/section/name", the end of which may be `*`.
struct Outside {
  std::string pattern, reason;
};

std::vector<Outside> read_outside(const std::string& path) {
  std::vector<Outside> all;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto comma = line.find(", ");
    if (!line.empty() && line[0] != '#' && comma != std::string::npos)
      all.push_back({line.substr(0, comma), line.substr(comma + 2)});
  }
  return all;
}

bool covers(const Outside& outside, const std::string& name) {
  const auto& pattern = outside.pattern;
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

// Empty: passed; otherwise what came instead.
std::string run(const Value& example) {
  const auto* bindings = example.find("bindings");
  const Value scope = bindings && bindings->map() ? bound(*bindings) : Value(Value::Map());
  const auto look_up = [&scope](std::string_view root) -> std::optional<Value> {
    const auto* value = scope.find(root);
    return value ? std::optional<Value>(*value) : std::nullopt;
  };
  const auto* wanted = example.find("value");
  const auto expression = cel::Expression::parse(text_of(example, "expr"));
  if (!expression) return wanted ? "parse: " + expression.error()[0].text.en : std::string();
  const auto result = cel::compute(*expression, look_up);
  if (!result) return wanted ? "error: " + result.error() : std::string();
  if (!wanted) return "gave " + to_json(pack(*result)) + ", an error was expected";
  return *result == untagged(*wanted) ? std::string() : "gave " + to_json(pack(*result)) + ", expected " + to_json(*wanted);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print("skipped: no files\n");
    return 77;
  }
  const auto outside = read_outside(RUNBOOK_SOURCE_DIR "/tests/cel/conformance-outside.txt");
  std::size_t passed = 0, failed = 0, skipped = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i]);
    if (!in) {
      fmt::print(stderr, "cannot read {}\n", argv[i]);
      return 2;
    }
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      const auto example = parse_json(line);
      if (!example) {
        fmt::print(stderr, "{}: {}\n", argv[i], example.error());
        return 2;
      }
      const auto name =
          fmt::format("{}/{}/{}", text_of(*example, "file"), text_of(*example, "section"), text_of(*example, "name"));
      if (std::any_of(outside.begin(), outside.end(), [&](const Outside& o) { return covers(o, name); })) {
        ++skipped;
        continue;
      }
      std::string why;
      try {
        why = run(*example);
      } catch (const std::exception& e) { why = std::string("cannot read the case: ") + e.what(); }
      if (why.empty()) {
        ++passed;
        continue;
      }
      ++failed;
      fmt::print("FAIL {}: {}\n     {}\n", name, text_of(*example, "expr"), why);
    }
  }
  if (skipped) fmt::print("{} skipped: outside the subset (tests/cel/conformance-outside.txt)\n", skipped);
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed ? 1 : 0;
}
