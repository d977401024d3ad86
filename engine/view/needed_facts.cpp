#include "view/needed_facts.h"

#include <algorithm>
#include <array>

#include "runbook/unit_scope.h"
#include "view/notice.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr Sentence environment{"environment", "환경 변수"}, commands{"commands", "명령"}, sets{"sets", "설정하는 환경 변수"},
    secret{"secret {}", "비밀 값 {}"}, connection{"connection {}", "연결 {}"}, notify{"notify", "알림"},
    late{"{} (comes into being during the run)", "{} (실행 중에 생김)"};
// In the order of Secret::From.
constexpr std::array<Sentence, 3> secret_from{
    {{"environment variable {}", "환경 변수 {}"}, {"file {}", "파일 {}"}, {"output of {}", "{} 의 출력"}}};

std::string secret_words(const Secret& one, Language language) {
  const auto from = say(language, secret_from[static_cast<std::size_t>(one.from)], shown(join(one.what, " ")));
  return one.late ? say(language, late, from) : from;
}

std::string connection_words(const Plan& plan, unsigned unit, const Connection& one) {
  const auto scope = unit_scope(plan.runbook.units[unit], plan.environment);
  std::vector<std::string> parts;
  for (const auto& [name, field] : one.fields) parts.push_back(name + " " + shown_value(preview(field, scope)));
  return join(parts, ", ");
}

}  // namespace

std::vector<Fact> needed_facts(const Plan& plan, Language language) {
  std::vector<Fact> out;
  // Files that are used together often need the same.
  const auto add = [&](std::string label, std::string text, bool is_code = false) {
    const auto is_same = [&](const Fact& fact) { return fact.label == label && fact.text == text; };
    if (!text.empty() && std::none_of(out.begin(), out.end(), is_same))
      out.push_back({std::move(label), std::move(text), is_code});
  };
  std::vector<std::string> variables, programs;
  const auto once = [](std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  const auto& units = plan.runbook.units;
  for (const auto& unit : units) {
    for (const auto& [name, at] : unit.requires_.env) once(variables, name);
    for (const auto& [name, at] : unit.requires_.commands) once(programs, name);
  }
  add(std::string(environment.in(language)), join(variables, " "));
  add(std::string(commands.in(language)), join(programs, " "));
  for (unsigned u = 0; u < units.size(); ++u)
    for (const auto& [name, text] : units[u].env)
      add(std::string(sets.in(language)), name + " = " + plan_text(plan, u, text), true);
  for (const auto& unit : units)
    for (const auto& [name, one] : unit.secrets) add(say(language, secret, name), secret_words(one, language));
  for (unsigned u = 0; u < units.size(); ++u)
    for (const auto& [name, one] : units[u].connections) add(say(language, connection, name), connection_words(plan, u, one));
  for (const auto& channel : plan.runbook.notify) add(std::string(notify.in(language)), channel_words(plan, channel));
  return out;
}

}  // namespace runbook
