#include "draft/steps.h"

#include <algorithm>

#include "base/json.h"
#include "draft/terminal_session.h"
#include "runbook/keys.h"

namespace runbook::draft {
namespace {

// The URL of `curl URL` with nothing that changes what it does; a variable in it is the shell's.
std::string plain_url(std::string_view code) {
  while (!code.empty() && code.back() == '\n') code.remove_suffix(1);
  if (!code.starts_with("curl ") || code.find('\n') != std::string_view::npos) return {};
  std::string url;
  for (auto rest = code.substr(5); !rest.empty();) {
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const bool is_quiet =
        word == "-s" || word == "-f" || word == "-S" || word == "-fsS" || word == "-sf" || word == "-sS" || word.empty();
    if (is_quiet) continue;
    if (!url.empty()) return {};
    url = word;
  }
  if (url.size() > 1 && (url[0] == '"' || url[0] == '\'') && url.back() == url[0]) url = url.substr(1, url.size() - 2);
  const bool is_url = url.starts_with("http://") || url.starts_with("https://");
  return is_url && url.find_first_of("$\"'`\\|&;<>(){}[]*?#%") == std::string::npos && url.size() > 10 ? url : "";
}

// 예상 응답: {"status":"ok"} as an expression on the answer.
std::string expectation(const std::vector<Said>& notes) {
  for (const auto& note : notes) {
    const auto begin = note.text.find('{'), end = note.text.rfind('}');
    if (begin == std::string::npos || end == std::string::npos || end < begin) continue;
    const auto answer = parse_json(std::string_view(note.text).substr(begin, end - begin + 1));
    if (!answer || answer->map() == nullptr) continue;
    std::string out;
    for (const auto& [name, value] : *answer->map()) {
      const auto* key = name.string();
      const bool is_name =
          key != nullptr && !key->empty() && key->find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
      const auto literal = to_json(value);
      const bool is_scalar = value.map() == nullptr && value.list() == nullptr;
      // What JSON and CEL write alike.
      if (!is_name || !is_scalar || literal.find('\\') != std::string::npos) return {};
      out += (out.empty() ? "" : " && ") + ("json." + *key) + " == " + literal;
    }
    return out;
  }
  return {};
}

std::string last_segment(const std::string& url) {
  std::string name = name_from_title(url.substr(url.rfind('/') + 1));
  return name.empty() ? "get" : name;
}

std::string here_document(const std::string& sql) {
  std::string mark = "SQL";
  while (sql.find(mark) != std::string::npos) mark += "_";
  return "psql -X -v ON_ERROR_STOP=1 <<'" + mark + "'\n" + sql + mark + "\n";
}

// The script was read from the commands of a session: its lines are those of the plan again.
void move_to(const std::vector<std::size_t>& lines, std::size_t first_line, Script& script) {
  const auto move = [&](std::size_t& line) {
    if (line >= first_line && line - first_line < lines.size()) line = lines[line - first_line];
  };
  for (auto& part : script.parts) {
    move(part.line);
    move(part.title.line);
    for (auto& note : part.notes) move(note.line);
  }
  for (auto& one : script.assignments) {
    move(one.line);
    move(one.comment.line);
  }
  for (auto& note : script.notes) move(note.line);
}

// What was printed is a note of the commands above it.
void add_printed(const std::vector<Said>& printed, Script& script) {
  for (const auto& said : printed) {
    const auto above =
        std::find_if(script.parts.rbegin(), script.parts.rend(), [&](const ScriptPart& part) { return part.line <= said.line; });
    auto& notes = above == script.parts.rend() ? script.notes : above->notes;
    notes.insert(std::find_if(notes.begin(), notes.end(), [&](const Said& one) { return one.line > said.line; }), said);
  }
}

}  // namespace

std::string Names::take(std::string wanted) {
  const auto reserved = reserved_names();
  if (std::find(reserved.begin(), reserved.end(), wanted) != reserved.end()) wanted += "_step";
  std::string name = wanted;
  for (int number = 2; !taken_.insert(name).second; ++number) name = wanted + "_" + std::to_string(number);
  return name;
}

std::string Names::numbered(const std::string& stem) {
  std::string name;
  for (int number = 1; name.empty() || !taken_.insert(name).second; ++number) name = stem + "_" + std::to_string(number);
  return name;
}

std::vector<DraftStep> StepMaker::steps_of(const Code& code, std::vector<Assignment>* assignments, std::vector<Said>& notes) {
  const auto session = read_session(code.text, code.language, code.line);
  const bool is_sql = session ? session->is_sql : code.language == "sql";
  const auto& text = session ? session->commands : code.text;
  Script script;
  if (is_sql) script.parts.push_back({{}, {}, here_document(text), code.line});
  else script = read_script(text, code.line);
  if (session) {
    if (!is_sql) move_to(session->lines, code.line, script);
    add_printed(session->printed, script);
  }
  add_printed(code.printed, script);
  notes.insert(notes.end(), script.notes.begin(), script.notes.end());
  std::vector<DraftStep> out;
  for (auto& one : script.assignments) {
    const auto [known, is_new] = variables_.emplace(one.name, one);
    const bool fits = assignments != nullptr && (is_new || known->second.value == one.value);
    if (fits) assignments->push_back(one);
    else script.parts.insert(script.parts.begin(), {one.comment, {}, one.name + "=" + json_quote(one.value) + "\n", one.line});
  }
  for (auto& part : script.parts) {
    DraftStep step;
    part.code = fill(code, part.line, part.code, step.placeholders);
    step.title = part.title;
    step.notes = std::move(part.notes);
    step.code = part.code;
    if (part.code.find_first_not_of(" \t\n") == std::string::npos) continue;
    if (step.title.line == 0) step.title.line = part.line;
    step.only_reads = draft::only_reads(part.code);
    step.is_roots = session && session->is_roots;
    if (const auto url = plain_url(part.code); !url.empty()) {
      step.kind = DraftStep::Kind::http_get;
      step.code = url;
      step.expect = expectation(step.notes);
    } else {
      for (const auto& name : names_read(part.code)) read_.insert(name);
      for (const auto& name : names_set(part.code)) set_.insert(name);
      for (const auto& name : commands_in(part.code)) commands_.insert(name);
    }
    step.id = step.kind == DraftStep::Kind::http_get ? last_segment(step.code) : name_from_command(step.code);
    out.push_back(std::move(step));
  }
  return out;
}

// Whether the code itself reads a variable of this name.
bool reads(std::string_view code, const std::string& name) {
  for (const auto& begin : {"$" + name, "${" + name})
    for (auto at = code.find(begin); at != std::string_view::npos; at = code.find(begin, at + 1)) {
      const char next = at + begin.size() < code.size() ? code[at + begin.size()] : '\0';
      if (std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '_') return true;
    }
  return false;
}

std::string StepMaker::variable_for(const std::string& placeholder, const Block& code) {
  auto name = name_of_placeholder(placeholder);
  const auto reserved = reserved_names();
  const bool is_reserved = std::find(reserved.begin(), reserved.end(), name) != reserved.end();
  const bool is_given = variables_.contains(name) && !placeholders_.contains(name);
  if (!name.empty() && (is_reserved || is_given || reads(code.text, name))) name += "_value";
  for (int number = 1; name.empty(); ++number) {
    const auto next = "value_" + std::to_string(number);
    const auto known = placeholders_.find(next);
    if (known == placeholders_.end() || known->second == placeholder) name = next;
  }
  placeholders_.emplace(name, placeholder);
  return name;
}

std::string StepMaker::fill(const Block& code, std::size_t first_line, std::string_view text, std::vector<Placeholder>& found) {
  auto filled = fill_placeholders(text, [&](const std::string& one) { return variable_for(one, code); });
  const std::string_view whole = code.text;
  std::size_t begin = 0;  // of the part in its block
  for (auto line = code.line; line < first_line && begin < whole.size(); ++line)
    begin = std::min(whole.find('\n', begin), whole.size() - 1) + 1;
  for (auto& one : filled.placeholders) {
    const auto above = whole.substr(0, std::min(whole.find(one.text, begin), whole.size()));
    one.line = code.line + static_cast<std::size_t>(std::count(above.begin(), above.end(), '\n'));
    if (one.variable.empty()) continue;
    auto& variable = variables_.emplace(one.variable, Assignment{one.variable, "", {}, one.line}).first->second;
    variable.line = std::min(variable.line, one.line);  // checks are read last
  }
  found = std::move(filled.placeholders);
  return std::move(filled.code);
}

std::string StepMaker::placeholder_of(const std::string& variable) const {
  const auto found = placeholders_.find(variable);
  return found == placeholders_.end() ? "" : found->second;
}

DraftEntry StepMaker::entry(const Action& action, Names& names) {
  DraftEntry out;
  out.title = action.title;
  out.is_optional = action.is_optional;
  out.notes = action.notes;
  for (const auto& code : action.code) {
    if (!is_run(code)) {
      out.notes.push_back({code.text.substr(0, code.text.find('\n')), code.line});
      out.notes.insert(out.notes.end(), code.printed.begin(), code.printed.end());
      continue;
    }
    for (auto& step : steps_of(code, &out.assignments, out.notes)) out.steps.push_back(std::move(step));
  }
  const std::string title_name = name_from_title(out.title.text);
  if (out.steps.empty() && out.assignments.empty()) {
    DraftStep step;
    step.kind = DraftStep::Kind::manual;
    step.title = out.title;
    out.steps.push_back(std::move(step));
  }
  Names inner;
  if (out.steps.size() == 1) {
    auto& only = out.steps.front();
    if (!out.title.text.empty() && !only.title.text.empty() && only.kind != DraftStep::Kind::manual)
      out.notes.insert(out.notes.begin(), only.title);
    if (!out.title.text.empty()) only.title = out.title;
    const auto& name = only.id.empty() ? title_name : only.id;
    out.id = name.empty() ? names.numbered("step") : names.take(name);
    only.id = out.id;
  } else if (out.steps.size() > 1) {
    out.id = title_name.empty() ? names.numbered("step") : names.take(title_name);
    for (auto& step : out.steps) step.id = step.id.empty() ? inner.numbered("step") : inner.take(step.id);
  }
  return out;
}

std::vector<DraftStep> StepMaker::checks(const std::vector<Code>& code, Names& names, const std::string& stem) {
  std::vector<DraftStep> out;
  for (const auto& block : code) {
    if (!is_run(block)) continue;
    for (auto& step : steps_of(block, nullptr, left_over_)) {
      step.id = step.id.empty() ? names.numbered(stem) : names.take(step.id);
      out.push_back(std::move(step));
    }
  }
  return out;
}

std::set<std::string> StepMaker::environment() const {
  std::set<std::string> out;
  for (const auto& name : read_)
    if (!set_.contains(name) && !variables_.contains(name)) out.insert(name);
  return out;
}

}  // namespace runbook::draft
