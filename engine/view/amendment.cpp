#include "view/amendment.h"

#include <algorithm>

#include "base/json.h"
#include "base/quoted_word.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr std::size_t most_of_a_value = 200;
constexpr Sentence heading{"WHAT DIFFERS", "달라지는 것"}, added{"added", "추가"}, removed{"removed", "삭제"},
    changed{"changed", "변경"},
    kept_heading{"HAVE ENDED AS THEY WERE, AND DO NOT RUN AGAIN", "이전 정의로 이미 끝났고 다시 실행하지 않는 것"},
    run_it_again{"runbook rerun {} {} --reason \"...\"", "runbook rerun {} {} --reason \"...\""},
    anew_heading{"BEGIN ANEW AS THEY ARE NOW", "고친 정의로 새로 시작하는 것"},
    asked_heading{"APPROVALS THAT ARE ASKED AGAIN: THEY NAMED THE PLAN BEFORE", "다시 묻는 승인: 이전 계획에 대한 승인이었음"},
    list_heading{"LISTS THAT STAY AS THEY WERE READ: WHAT IS NEW IN THEM DOES NOT RUN",
                 "이미 읽은 대로 남는 목록: 새로 넣은 요소는 실행하지 않음"},
    digests{"digest {} -> {}", "다이제스트 {} -> {}"}, amended_by{"amended by {}: {} -> {}", "runbook 수정: {}, {} -> {}"},
    with_reason{"reason: {}", "이유: {}"}, steps_word{"steps: {}", "단계: {}"}, parts_word{"also: {}", "그 밖에: {}"},
    asked_word{"asked again: {}", "다시 묻는 승인: {}"}, kept_word{"kept as they were: {}", "이전 결과 유지: {}"},
    ended_elements{"{}, of the elements that have ended", "{}, 이미 끝난 요소"}, only_text{"only its text", "글만 다름"};

const Sentence& word_of(Differs how) {
  switch (how) {
    case Differs::added: return added;
    case Differs::removed: return removed;
    case Differs::changed: return changed;
  }
  return changed;
}
std::string_view sign_of(Differs how) { return how == Differs::added ? "+" : how == Differs::removed ? "-" : "~"; }

std::string value_words(const Value& value) {
  if (value.is_null()) return "-";
  std::string text = shown(value.string() ? *value.string() : to_json(pack(value)));
  if (text.size() <= most_of_a_value) return text;
  std::size_t end = most_of_a_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

void add(std::vector<std::string>& to, const Difference& one, const Style& style) {
  to.push_back(fmt::format("  {} {}  {}", sign_of(one.how), shown(one.name), word_of(one.how).in(style.language)));
  for (const auto& field : one.fields) {
    const auto label = field.name.empty() ? std::string("      ") : "      " + field.name + ":  ";
    for (auto& line : labelled(label, value_words(field.before) + " -> " + value_words(field.after), label.size(), style))
      to.push_back(std::move(line));
  }
}

// What is kept is told as it is written: of a `for_each` it is what the elements did that have ended.
std::vector<std::string> of_elements(std::vector<std::string> names, Language language) {
  for (auto& name : names)
    if (const auto at = name.find("[]"); at != std::string::npos)
      name = say(language, ended_elements, name.substr(0, at) + "[...]" + name.substr(at + 2));
  return names;
}

void add_names(std::vector<std::string>& to, const Sentence& words, const std::vector<std::string>& names, const Style& style) {
  if (names.empty()) return;
  to.push_back(ink(words.in(style.language), Ink::strong, style));
  for (const auto& name : names) to.push_back("  " + shown(name));
}

// Of a `for_each` that has begun only what is done for its elements can be another.
std::vector<std::string> lists_that_stay(const State& state, const Plan& to) {
  std::vector<std::string> out;
  for (const auto& [i, turns] : state.expanded) {
    const auto now = to.find(state.plan().at(i).path);
    if (!now || !to.at(*now).step.for_each) continue;
    const auto fields = different_fields(state.plan(), i, to, *now);
    if (std::none_of(fields.begin(), fields.end(), [](const ChangedField& field) { return field.name == "for_each"; })) continue;
    Value::List keys;
    for (const auto child : state.plan().at(i).children) keys.emplace_back(state.plan().at(child).element->element.key);
    out.push_back(state.plan().at(i).path + ": " + value_words(Value(std::move(keys))));
  }
  return out;
}

std::string named(const std::vector<AmendedPart>& parts) {
  std::vector<std::string> out;
  for (const auto& part : parts) {
    std::string one = std::string(sign_of(part.how)) + shown(part.name);
    if (!part.fields.empty()) one += " (" + join(part.fields, ", ") + ")";
    out.push_back(std::move(one));
  }
  return join(out, ", ");
}

}  // namespace

std::vector<std::string> differences_shown(const Plan& from, const Plan& to, const Style& style) {
  std::vector<std::string> out;
  for (const auto& one : different_parts(from, to)) add(out, one, style);
  for (const auto& one : different_steps(from, to)) add(out, one, style);
  if (!out.empty()) out.insert(out.begin(), ink(heading.in(style.language), Ink::strong, style));
  return out;
}

std::vector<std::string> consequences_shown(const State& state, const Plan& to, const RunAmended& amended, const std::string& run,
                                            const Style& style) {
  std::vector<std::string> out;
  if (amended.steps.empty() && amended.parts.empty()) out.emplace_back(only_text.in(style.language));
  add_names(out, anew_heading, amended.set_back, style);
  add_names(out, list_heading, lists_that_stay(state, to), style);
  add_names(out, asked_heading, amended.asked_again, style);
  add_names(out, kept_heading, of_elements(amended.kept, style.language), style);
  for (const auto& step : amended.kept)
    if (step.find("[]") == std::string::npos && step.find(':') == std::string::npos)
      out.push_back("    " + say(style.language, run_it_again, run, quoted_word(step)));
  out.push_back(say(style.language, digests, amended.from.substr(0, 12), amended.digest.substr(0, 12)));
  return out;
}

std::string amendment_words(const RunAmended& amended, Language language) {
  std::string out =
      say(language, amended_by, person_words(amended.by, language), amended.from.substr(0, 12), amended.digest.substr(0, 12));
  const auto more = [&](const Sentence& words, const std::string& text) {
    if (!text.empty()) out += "; " + say(language, words, text);
  };
  more(with_reason, shown(amended.reason));
  more(steps_word, named(amended.steps));
  more(parts_word, named(amended.parts));
  if (amended.steps.empty() && amended.parts.empty()) out += "; " + std::string(only_text.in(language));
  more(asked_word, join(amended.asked_again, ", "));
  more(kept_word, join(of_elements(amended.kept, language), ", "));
  return out;
}

}  // namespace runbook
