// The kinds that ask people: no executor, the answer is the result.
#include <algorithm>
#include <array>

#include "runbook/messages.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

using Need = KeyRow::Need;
using From = ResultRow::From;

constexpr std::array<KeyRow, 4> manual_keys{{
    {"ask", FieldType::text, Need::required, "What a person is to do or to confirm.", "사람이 하거나 확인할 일."},
    KeyRow{"items", FieldType::items, Need::optional, "A checklist: texts, or {text, input: TYPE, optional: true}.",
           "점검 목록: 글 또는 {text, input: TYPE, optional: true}."}
        .like(R"(["traffic is back", {"text": "rows", "input": "int"}])"),
    KeyRow{"choose", FieldType::choices, Need::optional, "A list, or an expression that gives one; the answer is one of it.",
           "목록 또는 목록이 되는 식. 그중 하나를 고릅니다."}
        .like("steps.backups.names"),
    KeyRow{"input", FieldType::text, Need::optional, "Type of the value that is asked for: string int number bool duration path.",
           "입력받을 값의 형: string int number bool duration path."}
        .one_of("string int number bool duration path"),
}};

constexpr std::array<ResultRow, 3> manual_result{{
    {"answer", "dyn", From::action, {}, true},
    {"items", "list"},
    {"by", "string", From::action, {}, true},
}};

constexpr std::array<KeyRow, 4> approve_keys{{
    {"ask", FieldType::text, Need::required, "What is approved.", "승인할 내용."},
    KeyRow{"by", FieldType::text_or_texts, Need::optional,
           "Who may approve: `user:NAME` and `group:NAME` are enforced, titles are recorded as claimed. Default: `approver`.",
           "승인할 수 있는 사람: `user:이름`, `group:이름` 은 확인하고, 직함은 말한 대로 기록합니다. 기본값: `approver`."}
        .like(R"(["user:kim", "group:dba"])"),
    KeyRow{"count", FieldType::integer, Need::optional, "How many must approve.", "필요한 승인 수."}.by_default("1"),
    KeyRow{"not_operator", FieldType::boolean, Need::optional, "Whoever started the run may not approve it.",
           "실행한 사람은 승인할 수 없습니다."}
        .by_default("false"),
}};

constexpr std::array<ResultRow, 1> approve_result{{{"by", "string", From::action, {}, true}}};

constexpr std::array<Choice, 1> manual_choices{{{Choice::Take::at_most_one, "items choose input"}}};

const std::string* literal(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return nullptr;
  const auto* text = std::get_if<Text>(&found->second.is);
  return text != nullptr && text->text.is_literal() ? &text->text.text() : nullptr;
}

void check_manual(const Fields& fields, Place, Diagnostics& wrong) {
  std::string_view first;
  for (const std::string_view key : {"items", "choose", "input"}) {
    const auto found = fields.find(key);
    if (found == fields.end()) continue;
    if (!first.empty()) wrong.push_back(diagnose(messages::contradicting_question, found->second.at, first, key));
    first = key;
  }
  if (const auto* type = literal(fields, "input"); type != nullptr && !parse_type(*type))
    wrong.push_back(diagnose(messages::bad_word, fields.find("input")->second.at, "input", *type)
                        .helped(phrase("it can be: {}", "쓸 수 있는 값: {}", "string int number bool duration path")));
}

// The persons and groups of `by`, with their places; those that only a run can tell are left out.
std::vector<std::pair<std::string, Place>> named(const Fields& fields) {
  std::vector<std::pair<std::string, Place>> out;
  const auto add = [&out](const Field& field) {
    const auto* text = std::get_if<Text>(&field.is);
    if (text != nullptr && text->text.is_literal()) out.emplace_back(text->text.text(), field.at);
  };
  const auto by = fields.find("by");
  if (by == fields.end()) return out;
  if (const auto* list = std::get_if<Field::List>(&by->second.is)) std::for_each(list->begin(), list->end(), add);
  else add(by->second);
  return out;
}

std::size_t size_of(const Fields& fields, const char* name) {
  const auto* list = std::get_if<Field::List>(&fields.find(name)->second.is);
  return list != nullptr ? list->size() : 1;
}

void check_approve(const Fields& fields, Place, Diagnostics& wrong) {
  const auto by = named(fields);
  for (const auto& [who, at] : by)
    if ((who.starts_with("user:") || who.starts_with("group:")) && who.find_first_of(", ") != std::string::npos)
      wrong.push_back(diagnose(messages::bad_word, at, "by", who)
                          .helped(phrase("one name each, without blanks: [\"user:kim\", \"user:lee\"]",
                                         "이름은 하나씩, 공백 없이 쓰십시오: [\"user:kim\", \"user:lee\"]")));
  const auto found = fields.find("count");
  if (found == fields.end()) return;
  const auto* value = std::get_if<Value>(&found->second.is);
  if (value == nullptr || value->integer() == nullptr) return;
  const auto count = *value->integer();
  if (count < 1 || count > 20) {
    wrong.push_back(
        diagnose(messages::bad_integer, found->second.at, "count", count).helped(phrase("from 1 to 20", "1 부터 20 까지")));
    return;
  }
  const bool only_users = std::all_of(by.begin(), by.end(), [](const auto& each) { return each.first.starts_with("user:"); });
  if (!by.empty() && only_users && by.size() == size_of(fields, "by") && by.size() < static_cast<std::size_t>(count))
    wrong.push_back(
        diagnose(messages::bad_word, found->second.at, "count", count)
            .helped(phrase("only {} may approve: see `by`", "승인할 수 있는 사람은 {}명입니다: `by` 참고", by.size())));
}

std::string sentence(const Record& fields) {
  const auto found = fields.find("ask");
  return found == fields.end() ? std::string() : to_text(found->second);
}

// The answer is one of `choose`, of the type of `input`, or else a yes: whoever says no ends the step before it is looked at.
KnownResult known_answer(const Fields& fields, const ResultRow& row) {
  if (row.name != "answer" || fields.contains("items")) return {row.type, {}};
  if (const auto choose = fields.find("choose"); choose != fields.end()) {
    KnownResult known{row.type, {}};
    const auto* list = std::get_if<Field::List>(&choose->second.is);
    if (list == nullptr) return known;
    for (const auto& choice : *list) {
      const auto* text = std::get_if<Text>(&choice.is);
      if (text == nullptr || !text->text.is_literal()) return {row.type, {}};
      known.values.push_back(text->text.text());
    }
    return known;
  }
  if (!fields.contains("input")) return {"bool", {}};
  const auto* input = literal(fields, "input");
  const auto type = input != nullptr ? parse_type(*input) : std::nullopt;
  return {type ? cel_type(*type) : row.type, {}};
}

Effect reads(const Fields&) { return Effect::reads; }

}  // namespace

const ActionKind manual_kind{
    "manual",
    "Asks a person to do or confirm something.",
    "사람에게 일이나 확인을 요청합니다.",
    "ask",
    manual_keys,
    {},
    manual_result,
    "",
    check_manual,
    sentence,
    reads,
    true,
    manual_choices,
    nullptr,
    known_answer,
};

const ActionKind approve_kind{
    "approve",
    "Asks for an approval.",
    "승인을 요청합니다.",
    "ask",
    approve_keys,
    {},
    approve_result,
    "",
    check_approve,
    sentence,
    reads,
    true,
};

}  // namespace runbook
