#include "runbook/step_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "base/json.h"
#include "runbook/messages.h"

namespace runbook {
namespace {

using Kind = yaml::Node::Kind;

constexpr std::size_t enough = 1000;  // of errors: nobody reads more

bool is_check(Where where) { return lists_checks(where) || where == Where::probe; }

// "Nothing", as people write it who do not know the word.
bool means_nothing(std::string_view text) {
  constexpr std::array<std::string_view, 13> words{"no",   "No",     "NO",     "false", "nothing", "-",   "없음",
                                                   "없다", "아니오", "아니요", "n/a",   "N/A",     "None"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

Diagnostic in_place(const Message& message, Place at, Where where) {
  const Phrase here = where_name(where);
  Diagnostic d = diagnose(message, at, here.en, "");
  d.text = {fmt::format(fmt::runtime(message.en), here.en), fmt::format(fmt::runtime(message.ko), here.ko)};
  return d;
}

// What the reader of expressions says first of a sentence or a command. What compares is meant as an expression.
bool is_of_words(std::string_view code, std::string_view text) {
  const bool compares = text.find("==") != std::string_view::npos || text.find("!=") != std::string_view::npos;
  return !compares && (code == "RB301" || code == "RB302" || code == "RB306" || code == "RB307");
}

// Of an entry that is a sentence or a command, as people put it there: what it would have to be. Ready to be pasted.
Phrase check_meant(std::string_view text, Where where) {
  if (text.starts_with("- ")) text.remove_prefix(2);
  const bool is_whole = one_line(text).size() == text.size();  // half a command is another command
  const auto quoted = json_quote(is_whole ? text : "...");
  const auto command = fmt::format("{{ id: check, shell: {} }}", quoted);
  if (asks_nobody(where))
    return phrase("an entry alone is an expression; a command is written `{}`", "항목만 쓰면 식입니다. 명령은 `{}` 로 쓰십시오",
                  command);
  return phrase(
      "an entry alone is an expression; a person is asked by `{{ id: check, manual: {0}, timeout: 10m }}`, a command is written "
      "`{1}`",
      "항목만 쓰면 식입니다. 사람이 확인할 일은 `{{ id: check, manual: {0}, timeout: 10m }}` 로, 명령은 `{1}` 로 쓰십시오",
      quoted, command);
}

}  // namespace

bool only_reads(const Step& step, Where where) {
  if (is_check(where)) return true;
  if (step.changes != Changes::unsaid) return step.changes == Changes::none;
  const auto* kind = step.action.kind;
  if (kind == nullptr || kind->asks_people) return true;
  return kind->effect != nullptr && kind->effect(step.action.fields) == Effect::reads;
}

Step unread_step(unsigned unit, Place at) {
  Step out;
  out.unit = unit;
  out.at = at;
  out.unread = Unread::everything_of_a_step();
  return out;
}

std::vector<Step> StepReader::steps(const yaml::Node& list, std::string_view key) {
  if (!values_.is_list(list, key)) return {unread_step(index_, list.at)};
  std::vector<Step> out;
  out.reserve(list.items.size());
  for (const auto& node : list.items) {
    const auto before = values_.wrong().size();
    out.push_back(step(node));
    mark(out.back(), before);
  }
  unique_ids(out);
  return out;
}

std::vector<Step> StepReader::checks(const yaml::Node& list, std::string_view key, Where where) {
  if (!values_.is_list(list, key)) return {unread_step(index_, list.at)};
  std::vector<Step> out;
  for (const auto& node : list.items) {
    const auto before = values_.wrong().size();
    const auto* use = node.kind == Kind::map ? node.find("use") : nullptr;
    if (use != nullptr && where != Where::guard) {
      const KeyedMap map(node, Where::spliced, kinds_, values_.wrong());
      auto spliced = uses_.checks(*use, key);
      std::move(spliced.begin(), spliced.end(), std::back_inserter(out));
    } else {
      out.push_back(check(node, where));
      mark(out.back(), before);
    }
  }
  unique_ids(out);
  return where == Where::guard ? numbered(std::move(out)) : out;
}

std::vector<Step> numbered(std::vector<Step> checks) {
  std::set<std::string, std::less<>> taken;
  for (const auto& one : checks) taken.insert(one.id);
  for (std::size_t i = 0; i < checks.size(); ++i)
    for (std::size_t number = i + 1; checks[i].id.empty(); ++number) {
      std::string id = fmt::format("check_{}", number);
      if (taken.insert(id).second) checks[i].id = std::move(id);
    }
  return checks;
}

void StepReader::mark(Step& step, std::size_t before) const {
  if (has_errors(values_.wrong(), before)) step.unread.add(Part::rest);
}

void StepReader::unique_ids(std::vector<Step>& list) {
  std::unordered_map<std::string_view, Step*> seen;
  seen.reserve(list.size());
  for (auto& one : list) {
    if (one.id.empty()) continue;
    const auto [found, is_new] = seen.emplace(one.id, &one);
    if (is_new) continue;
    // What names it may mean either, and one of them was to be called otherwise.
    found->second->unread.add(Part::id);
    one.unread.add(Part::id);
    if (values_.wrong().size() < enough)
      values_.wrong().push_back(diagnose(messages::duplicate_id, one.at, one.id)
                                    .noted(found->second->at, phrase("it is here already", "여기에 이미 있습니다"))
                                    .helped(phrase("ids are unique in a list, also of what `use` brings",
                                                   "id 는 한 목록 안에서 하나뿐입니다. `use` 로 온 것도 같습니다")));
  }
}

Step StepReader::step(const yaml::Node& node) {
  if (node.kind != Kind::map && !values_.is_map(node, where_name(Where::step))) return unread_step(index_, node.at);
  const bool is_group = node.find("steps") != nullptr || node.find("use") != nullptr;
  const Where where = is_group ? Where::group : Where::step;
  const auto before = values_.wrong().size();
  const KeyedMap map(node, where, kinds_, values_.wrong());
  Step out;
  out.unit = index_;
  out.unread = map.refused().parts();
  out.at = map.place_of("id");
  if (const auto* id = map.find("id")) {
    read(Part::id, out, [&] { out.id = values_.name(*id, "id").value_or(""); });
    out.at = whole(*id);
  } else {
    out.unread.add(Part::id);
    if (map.lacks("id"))
      values_.wrong().push_back(missing_key(node.at, where, "id")
                                    .helped(phrase("logs, commands and expressions name a step by its id",
                                                   "로그와 명령과 식은 id 로 단계를 가리킵니다")));
  }
  flow(map, out);
  if (is_group) {
    group(map, out);
    return out;
  }
  common(map, out, where);
  read(Part::action, out, [&] {
    auto found = actions_.find(node);
    if (found.action) out.action = *std::move(found.action);
    const bool lacks_any = !found.is_there && map.lacks("action") && map.lacks("steps") && map.lacks("use");
    if (lacks_any)
      values_.wrong().push_back(in_place(messages::no_action, out.at, where)
                                    .helped(phrase("one of: {}, steps, use", "다음 중 하나: {}, steps, use", [this] {
                                      std::string names;
                                      for (const auto* kind : kinds_)
                                        names += (names.empty() ? "" : ", ") + std::string(kind->name);
                                      return names;
                                    }())));
  });
  changes(map, out, where);
  check_connection(out.action, unit_, values_.wrong());
  safe_to_repeat(map, out, where, before);
  if (const auto* preconditions = map.find("preconditions"))
    out.preconditions = checks(*preconditions, "preconditions", Where::guard);
  if (const auto* undo = map.find("undo")) out.undo = part(*undo, Where::undo);
  if (const auto* probe = map.find("probe")) out.probe = part(*probe, Where::probe);
  return out;
}

void StepReader::group(const KeyedMap& map, Step& out) {
  out.is_group = true;
  if (const auto* title = map.find("title"))
    if (auto text = values_.text(*title, "title")) out.title = std::move(*text);
  const auto* steps_node = map.find("steps");
  const auto* use = map.find("use");
  for (const auto& [key, value] : map.node().entries)
    if (find_kind(kinds_, key.text) != nullptr || (use != nullptr && steps_node != nullptr && key.text == "use"))
      values_.wrong().push_back(diagnose(messages::two_actions, whole(key), steps_node != nullptr ? "steps" : "use", key.text));
  if (steps_node != nullptr) {
    out.steps = steps(*steps_node, "steps");
    if (steps_node->kind == Kind::sequence && steps_node->items.empty())
      values_.wrong().push_back(diagnose(messages::empty_list, steps_node->at, "steps"));
    return;
  }
  if (use == nullptr) return;
  out.is_use = true;
  auto used = uses_.steps(*use, out.for_each.has_value() || out.unread.has(Part::for_each));
  if (!used) {
    out.unread.add(Part::outputs);
    out.steps = {unread_step(index_, whole(*use))};
    return;
  }
  out.steps = std::move(used->steps);
  out.outputs = std::move(used->outputs);
  out.outputs_unit = used->unit;
  if (out.title.text.text().empty()) out.title = std::move(used->title);
}

// What says when a step of a list runs.
void StepReader::flow(const KeyedMap& map, Step& out) {
  read(Part::needs, out, [&] {
    const auto* needs = map.find("needs");
    if (needs == nullptr || !values_.is_list(*needs, "needs")) return;
    out.needs.emplace();
    std::set<std::string> seen;
    for (const auto& one : needs->items) {
      const auto* name = values_.scalar(one, "needs");
      if (name == nullptr) continue;
      if (seen.insert(*name).second) out.needs->emplace_back(*name, whole(one));
      else values_.wrong().push_back(diagnose(messages::duplicate_need, whole(one), *name));
    }
  });
  if (const auto* when = map.find("when")) out.when = values_.expression(*when, "when");
  if (const auto* question = map.find("optional")) {
    const auto is_answer = [](const std::string& text) {
      const auto value = plain_value(text);
      return is_word_of_yaml(text) || (value && value->boolean() != nullptr);
    };
    if (question->kind == Kind::scalar && is_answer(question->text))
      values_.wrong().push_back(
          diagnose(messages::bad_word, question->at, "optional", question->text)
              .helped(phrase("write the question that is asked: \"is it needed?\"", "물어볼 질문을 쓰십시오: \"필요합니까?\"")));
    else out.optional_question = values_.text(*question, "optional");
  }
  if (const auto* word = map.find("on_fail"))
    if (const auto said = values_.word(*word, "on_fail", "stop continue"))
      out.on_fail = *said == "continue" ? OnFail::go_on : OnFail::stop;
  read(Part::for_each, out, [&] { for_each(map, out); });
  if (const auto* rescue = map.find("rescue")) {
    out.rescue = steps(*rescue, "rescue");
    if (rescue->kind == Kind::sequence && rescue->items.empty())
      values_.wrong().push_back(diagnose(messages::empty_list, rescue->at, "rescue"));
  }
}

void StepReader::for_each(const KeyedMap& map, Step& out) {
  const auto* list = map.find("for_each");
  const auto number = [&](const char* key, std::int64_t lowest, std::int64_t& into) {
    const auto* node = map.find(key);
    if (node == nullptr) return;
    if (map.lacks("for_each")) values_.wrong().push_back(diagnose(messages::only_with_for_each, map.place_of(key), key));
    const auto read = values_.integer(*node, key);
    if (!read) return;
    if (*read < lowest || *read > most_elements)
      values_.wrong().push_back(
          diagnose(messages::bad_integer, whole(*node), key, *read)
              .helped(phrase("from {} to {}", "{} 부터 {} 까지", std::to_string(lowest), std::to_string(most_elements))));
    else into = *read;
  };
  ForEach made;
  number("at_once", 1, made.at_once);
  number("max_failures", 0, made.max_failures);
  if (list == nullptr) return;
  if (list->kind == Kind::sequence) {
    auto items = values_.tree(*list, "for_each", Secrets::refused);
    if (!items) return;
    made.list = std::move(*items);
  } else if (list->kind == Kind::map) {
    values_.wrong().push_back(
        diagnose(messages::map_for_text, list->entries.empty() ? list->at : list->entries[0].key.at, "for_each")
            .helped(phrase("write the list, or an expression in quotes; `at_once` and `max_failures` stand beside "
                           "`for_each`",
                           "목록이나 따옴표로 싼 식을 쓰십시오. `at_once` 와 `max_failures` 는 `for_each` 옆에 씁니다")));
    return;
  } else {
    auto expression = values_.expression(*list, "for_each");
    if (!expression) return;
    made.list = Field{whole(*list), std::move(*expression)};
  }
  out.for_each = std::move(made);
}

void StepReader::common(const KeyedMap& map, Step& out, Where where) {
  if (const auto* title = map.find("title"))
    if (auto text = values_.text(*title, "title")) out.title = std::move(*text);
  if (const auto* expect = map.find("expect")) out.expect = values_.expression(*expect, "expect");
  read(Part::outputs, out, [&] {
    if (const auto* outputs = map.find("outputs")) out.outputs = values_.expressions(*outputs, "outputs");
  });
  read(Part::environment, out, [&] {
    if (const auto* env = map.find("env")) out.env = values_.environment(*env, "env", Secrets::allowed);
  });
  read(Part::folder, out, [&] {
    if (const auto* cwd = map.find("cwd")) out.cwd = values_.text(*cwd, "cwd");
  });
  if (const auto* word = map.find("confirm")) out.confirm = values_.text(*word, "confirm");
  if (const auto* rerun = map.find("rerun")) out.rerun_safe = values_.word(*rerun, "rerun", "safe").has_value();
  if (const auto* background = map.find("background"))
    out.background_allowed = values_.word(*background, "background", "allow").has_value();
  if (const auto* no_data = map.find("no_data"))
    if (const auto said = values_.word(*no_data, "no_data", "fail ask"))
      out.no_data = *said == "ask" ? NoData::ask : NoData::fail;
  if (const auto* then = map.find("then")) out.pauses = values_.word(*then, "then", "stop pause").value_or("") == "pause";
  times(map, out, where);
}

void StepReader::times(const KeyedMap& map, Step& out, Where where) {
  if (const auto* timeout = map.find("timeout"))
    out.timeout = length(*timeout, "timeout", unit_.defaults.timeout, &ElementTimes::timeout, out);
  if (const auto* expected = map.find("expected")) this->expected(*expected, out);
  if (const auto* hold = map.find("hold")) out.hold = length(*hold, "hold", unit_.defaults.every, &ElementTimes::hold, out);
  if (const auto* again = map.find("retry")) retry(*again, out);
  if (const auto* every = map.find("every"))
    if (const auto read = length(*every, "every", unit_.defaults.every, &ElementTimes::every, out)) out.retry = Retry{*read, {}};
  const bool known = !out.of_element || (!out.of_element->hold && !out.of_element->limit);
  if (known && out.hold && out.retry && out.retry->limit && *out.retry->limit <= *out.hold)
    values_.wrong().push_back(
        diagnose(messages::hold_too_long, map.place_of("hold"), format_duration(*out.retry->limit), format_duration(*out.hold))
            .helped(phrase("`for` counts from the first look: it must be longer than `hold`, by the time until it becomes true",
                           "`for` 는 처음 볼 때부터 셉니다: 참이 되기까지의 시간만큼 `hold` 보다 길어야 합니다")));
  expected_in_time(map, out, where);
}

// Where it is tried again or looked at again and again, `expected` may count all of it: its limit is another one.
void StepReader::expected_in_time(const KeyedMap& map, const Step& step, Where where) {
  const bool is_once = map.find("retry") == nullptr && map.find("hold") == nullptr && where != Where::criterion;
  if (!step.expected || step.of_element || !is_once) return;
  const auto by_default = is_check(where) ? unit_.defaults.check_timeout : unit_.defaults.timeout;
  if (step.expected->high <= step.timeout.value_or(by_default)) return;
  const bool has_own = map.find("timeout") != nullptr;
  if (has_own ? !step.timeout : has_errors(values_.wrong())) return;  // perhaps the default was refused
  const auto limit = format_duration(step.timeout.value_or(by_default)), longest = format_duration(step.expected->high);
  values_.wrong().push_back(
      diagnose(messages::expected_too_long, whole(*map.find("expected")), longest, limit)
          .helped(has_own ? phrase("raise `timeout: {}`, or correct `expected`",
                                   "`timeout: {}` 을(를) 늘리거나 `expected` 를 고치십시오", limit)
                          : phrase("it has no `timeout`, so the default holds: {}; add `timeout`, more than {}",
                                   "`timeout` 이 없어 기본값 {} 이(가) 적용됩니다. {} 보다 긴 `timeout` 을 적으십시오", limit,
                                   longest)));
}

void StepReader::expected(const yaml::Node& node, Step& out) {
  if (node.kind != Kind::scalar || node.text.find("${") == std::string::npos) {
    out.expected = values_.duration_range(node, "expected");
    return;
  }
  const auto read = values_.length(node, "expected");
  if (!read) return;
  if (read->of_element) out.of_element.made().expected = read->of_element;
  else out.expected = DurationRange{read->known, read->known};
}

std::optional<Duration> StepReader::length(const yaml::Node& node, std::string_view key, Duration in_place,
                                           std::optional<Text> ElementTimes::*of_element, Step& step) {
  const auto read = values_.length(node, key);
  if (!read) return {};
  if (read->of_element) {
    step.of_element.made().*of_element = read->of_element;
    return in_place;
  }
  if (read->known.count() <= 0) {
    values_.wrong().push_back(diagnose(messages::not_positive, whole(node), key));
    return {};
  }
  return read->known;
}

void StepReader::retry(const yaml::Node& node, Step& out) {
  if (!values_.is_map(node, where_name(Where::retry))) return;
  const KeyedMap map(node, Where::retry, kinds_, values_.wrong());
  Retry made{unit_.defaults.every, {}};
  if (const auto* every = map.find("every"))
    if (const auto read = length(*every, "every", unit_.defaults.every, &ElementTimes::every, out)) made.every = *read;
  if (const auto* limit = map.find("for")) made.limit = length(*limit, "for", unit_.defaults.timeout, &ElementTimes::limit, out);
  else if (map.lacks("for"))
    values_.wrong().push_back(diagnose(messages::retry_no_limit, node.at)
                                  .helped(phrase("retry: {{ every: 5s, for: 1m }}", "retry: {{ every: 5s, for: 1m }}")));
  out.retry = made;
}

void StepReader::changes(const KeyedMap& map, Step& out, Where where) {
  const auto* said = map.find("changes");
  const auto* kind = out.action.kind;
  if (said != nullptr && said->kind == Kind::scalar && means_nothing(said->text)) {
    values_.wrong().push_back(
        diagnose(messages::changes_no, whole(*said), said->text).helped(phrase("did you mean `none`?", "`none` 입니까?")));
    return;
  }
  if (said != nullptr) {
    auto text = values_.text(*said, "changes");
    if (!text) return;
    if (text->text.text().empty()) {
      values_.wrong().push_back(diagnose(messages::empty_text, said->at, "changes"));
      return;
    }
    if (text->text.text() == "none") {
      out.changes = Changes::none;
    } else if (is_check(where)) {
      values_.wrong().push_back(
          in_place(messages::check_changes, whole(*said), where).helped(phrase("make it a step", "단계로 만드십시오")));
    } else {
      out.changes = Changes::says;
      out.changes_text = *std::move(text);
    }
  }
  if (kind == nullptr || kind->asks_people || is_check(where) || (said == nullptr && !map.lacks("changes"))) return;
  const Effect by_itself = kind->effect != nullptr ? kind->effect(out.action.fields) : Effect::unknown;
  const std::string name(kind->name);
  if (by_itself == Effect::unknown) {
    if (out.changes == Changes::unsaid && where != Where::undo)  // an undo obviously changes something
      values_.wrong().push_back(diagnose(messages::changes_unsaid, out.action.at, out.id.empty() ? name : out.id)
                                    .helped(phrase("add `changes: \"what it changes\"`, or `changes: none`",
                                                   "`changes: \"바뀌는 것\"` 이나 `changes: none` 을 적으십시오")));
    return;
  }
  if (out.changes == Changes::unsaid && by_itself == Effect::reads && where == Where::undo)
    values_.wrong().push_back(
        diagnose(messages::changes_unsaid, out.action.at, name)
            .helped(phrase(
                "an undo changes something, and `{}` without `changes` only reads: add `changes: \"what it changes\"`",
                "되돌리기는 무언가를 바꾸는데 `changes` 없는 `{}` 은 읽기만 합니다: `changes: \"바뀌는 것\"` 을 적으십시오",
                name)));
  else if (out.changes == Changes::unsaid && by_itself == Effect::changes && where != Where::undo)
    values_.wrong().push_back(
        diagnose(messages::changes_needed, out.action.at, name)
            .helped(phrase("say `changes: none` if it only reads", "읽기만 하면 `changes: none` 을 적으십시오")));
}

// It follows from several keys at once: each of them must have been read.
void StepReader::safe_to_repeat(const KeyedMap& map, const Step& out, Where where, std::size_t before) {
  if (has_errors(values_.wrong(), before)) return;
  const bool reads = only_reads(out, where);
  if (out.retry && !reads && !out.rerun_safe)
    values_.wrong().push_back(
        diagnose(messages::retry_unsafe, map.place_of("retry"))
            .helped(phrase("add `rerun: safe` if repeating it does no harm; to wait for an effect, add a step that only looks",
                           "되풀이해도 안전하면 `rerun: safe` 를, 효과를 기다리려면 보기만 하는 단계를 따로 두십시오")));
  if (out.hold && !reads) values_.wrong().push_back(diagnose(messages::hold_changes, map.place_of("hold")));
  if (out.action.kind != nullptr && out.action.kind->asks_people && !out.timeout && map.find("timeout") == nullptr)
    values_.wrong().push_back(
        diagnose(messages::no_timeout, out.action.at, out.action.kind->name).helped(phrase("timeout: 15m", "timeout: 15m")));
}

Step StepReader::check(const yaml::Node& node, Where where) {
  Step out;
  out.unit = index_;
  out.at = node.at;
  if (node.kind == Kind::scalar) {  // a bare expression
    out.at = whole(node);
    const auto before = values_.wrong().size();
    out.expect = values_.expression(node, "expect");
    for (auto i = before; i < values_.wrong().size(); ++i)
      if (auto& wrong = values_.wrong()[i]; wrong.help.empty() && is_of_words(wrong.code, node.text))
        wrong.help = check_meant(node.text, where);
    return out;
  }
  if (node.kind != Kind::map) {
    values_.wrong().push_back(diagnose(messages::not_a_check, node.at));
    return unread_step(index_, node.at);
  }
  const auto before = values_.wrong().size();
  const KeyedMap map(node, where, kinds_, values_.wrong());
  if (node.find("use") != nullptr) return unread_step(index_, node.at);  // refused as misplaced: nothing else is missing
  out.unread = map.refused().parts();
  if (const auto* id = map.find("id")) {
    read(Part::id, out, [&] { out.id = values_.name(*id, "id").value_or(""); });
    out.at = whole(*id);
  } else {
    out.unread.add(Part::id);
    if (map.lacks("id")) values_.wrong().push_back(missing_key(node.at, where, "id"));
  }
  if (const auto* when = map.find("when")) out.when = values_.expression(*when, "when");
  common(map, out, where);
  read(Part::action, out, [&] {
    auto found = actions_.find(node);
    if (found.action) out.action = *std::move(found.action);
    if (!found.is_there && map.lacks("expect") && map.lacks("action"))
      values_.wrong().push_back(
          in_place(messages::no_action, out.at, where).helped(phrase("an action, or `expect` alone", "동작, 또는 `expect` 만")));
  });
  if (asks_nobody(where) && out.action.kind != nullptr && out.action.kind->asks_people)
    values_.wrong().push_back(in_place(messages::nobody_there, out.action.at, where)
                                  .helped(phrase("an action that only reads", "읽기만 하는 동작을 쓰십시오")));
  changes(map, out, where);
  check_connection(out.action, unit_, values_.wrong());
  safe_to_repeat(map, out, where, before);
  return out;
}

std::shared_ptr<const Step> StepReader::part(const yaml::Node& node, Where where) {
  if (!values_.is_map(node, where_name(where))) return nullptr;
  const auto before = values_.wrong().size();
  const KeyedMap map(node, where, kinds_, values_.wrong());
  auto out = std::make_shared<Step>();
  out->unit = index_;
  out->at = node.at;
  out->unread = map.refused().parts();
  common(map, *out, where);
  read(Part::action, *out, [&] {
    auto found = actions_.find(node);
    if (!found.is_there && map.lacks("action")) values_.wrong().push_back(in_place(messages::no_action, node.at, where));
    if (found.action) out->action = *std::move(found.action);
  });
  changes(map, *out, where);
  check_connection(out->action, unit_, values_.wrong());
  safe_to_repeat(map, *out, where, before);
  if (const auto* preconditions = map.find("preconditions"))
    out->preconditions = checks(*preconditions, "preconditions", Where::guard);
  if (where == Where::probe && map.lacks("expect"))
    values_.wrong().push_back(
        in_place(messages::no_expect, node.at, where)
            .helped(phrase("`expect` tells whether the effect is there", "`expect` 가 효과가 있는지 말해 줍니다")));
  return out->action.kind != nullptr ? out : nullptr;
}

}  // namespace runbook
