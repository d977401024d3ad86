#include "view/key_reference.h"

#include <algorithm>
#include <map>
#include <set>

#include "runbook/keyed_map.h"
#include "view/sentences.h"
#include "view/table.h"

namespace runbook {
namespace {

constexpr Sentence text_words{"text", "글"}, texts_words{"list of texts", "글의 목록"},
    text_or_texts_words{"text or list of texts", "글 또는 글의 목록"}, texts_by_name_words{"{name: text}", "{이름: 글}"},
    literal_words{"text without ${}", "${} 없는 글"}, literals_words{"list of texts without ${}", "${} 없는 글의 목록"},
    expression_words{"expression", "식"}, expressions_words{"{name: expression}", "{이름: 식}"},
    duration_words{"duration", "시간"}, range_words{"duration or range", "시간 또는 범위"},
    boolean_words{"true or false", "true 또는 false"}, integer_words{"whole number", "정수"}, name_words{"name", "이름"},
    names_words{"list of names", "이름의 목록"}, regex_words{"regular expression", "정규식"}, any_words{"any value", "아무 값"},
    map_words{"map", "맵"}, maps_words{"list of maps", "맵의 목록"}, by_name_words{"{name: map}", "{이름: 맵}"},
    values_words{"{name: value}", "{이름: 값}"}, choices_words{"list or action", "목록 또는 동작"},
    list_or_expression_words{"list or expression", "목록 또는 식"}, steps_words{"list of steps", "단계의 목록"},
    checks_words{"list of checks", "검사의 목록"}, items_words{"checklist", "점검 목록"},
    follow_ups_words{"list of texts or maps", "글이나 맵의 목록"}, file_words{"file or {file, vars}", "파일 또는 {file, vars}"},
    step_words{"a step", "단계"}, path_words{"path", "경로"}, url_words{"URL", "URL"}, code_words{"code", "코드"};

constexpr Sentence is_required{"required", "필수"}, default_is{"default: {}", "기본값: {}"}, also{"also: {}", "그 밖에: {}"},
    one_action{"and one action: {}", "그리고 동작 하나: {}"}, an_expression{"or an expression alone", "또는 식 하나만"},
    plainly{"`{}: TEXT` is short for {{{}: TEXT}}", "`{}: 글` 은 {{{}: 글}} 의 준말입니다"}, result_is{"result: {}", "결과: {}"},
    connection_of{"a connection of `{}`", "`{}` 의 연결"}, place_label{"in", "쓰는 곳"}, value_label{"value", "값"},
    default_label{"default", "기본값"}, example_label{"example", "예"}, in_kind{"`{}`", "`{}`"};

const Sentence& value_words(ValueType type) {
  using T = ValueType;
  switch (type) {
    case T::version: return integer_words;
    case T::id: return name_words;
    case T::literal: return literal_words;
    case T::literals: return literals_words;
    case T::text:
    case T::word: return text_words;
    case T::words: return texts_words;
    case T::texts: return texts_words;
    case T::text_or_texts: return text_or_texts_words;
    case T::headers:
    case T::texts_by_name: return texts_by_name_words;
    case T::channels: return maps_words;
    case T::expression: return expression_words;
    case T::expressions_by_name: return expressions_words;
    case T::duration: return duration_words;
    case T::duration_range: return range_words;
    case T::boolean: return boolean_words;
    case T::integer: return integer_words;
    case T::list_or_expression: return list_or_expression_words;
    case T::regex: return regex_words;
    case T::names: return names_words;
    case T::value: return any_words;
    case T::choices: return choices_words;
    case T::step_list: return steps_words;
    case T::precondition_list:
    case T::criterion_list:
    case T::guard_list:
    case T::baseline_list:
    case T::watch_list: return checks_words;
    case T::follow_ups: return follow_ups_words;
    case T::used_file: return file_words;
    case T::undo:
    case T::probe: return step_words;
    case T::variables:
    case T::secrets:
    case T::connections: return by_name_words;
    case T::retry:
    case T::requirements:
    case T::defaults:
    case T::source: return map_words;
    case T::values_by_name: return values_words;
  }
  return any_words;
}

const Sentence& value_words(FieldType type) {
  using T = FieldType;
  switch (type) {
    case T::code: return code_words;
    case T::text: return text_words;
    case T::url: return url_words;
    case T::path: return path_words;
    case T::expression: return expression_words;
    case T::boolean: return boolean_words;
    case T::integer: return integer_words;
    case T::duration: return duration_words;
    case T::name: return name_words;
    case T::texts: return texts_words;
    case T::text_or_texts: return text_or_texts_words;
    case T::text_map: return texts_by_name_words;
    case T::tree: return any_words;
    case T::choices: return list_or_expression_words;
    case T::items: return items_words;
  }
  return any_words;
}

// What both kinds of rows say.
struct Entry {
  std::string_view name;
  std::string value, doc;
  std::string_view fallback, example;
  bool required = false;
};

Entry entry_of(const Key& key, Where where, Language language) {
  return {key.name,
          key.words.empty() ? std::string(value_words(key.type).in(language)) : join(words_of(key.words), "|"),
          std::string(language == Language::korean ? key.doc_ko : key.doc_en),
          key.fallback,
          key.example,
          key.required_at(where)};
}

Entry entry_of(const KeyRow& row, Language language) {
  return {row.name,
          row.words.empty() ? std::string(value_words(row.type).in(language)) : join(words_of(row.words), "|"),
          std::string(language == Language::korean ? row.doc_ko : row.doc_en),
          row.fallback,
          row.example,
          row.need == KeyRow::Need::required};
}

void add_to(Table& table, const Entry& entry, Language language) {
  std::string more;
  if (entry.required) more = is_required.in(language);
  else if (!entry.fallback.empty()) more = say(language, default_is, entry.fallback);
  table.add({std::string(entry.name), entry.value, entry.doc + (more.empty() ? "" : " (" + more + ")")});
}

class Reference {
 public:
  Reference(Kinds kinds, const Style& style) : kinds_(kinds), style_(style) {}

  std::string all() && {
    for (const Where where : all_places()) place(where);
    for (const auto* kind : kinds_) whole_kind(*kind);
    return join_lines(lines_);
  }

  std::string one(std::string_view name) && {
    for (const Key& key : all_keys())
      if (key.name == name) one_key(key);
    for (const auto* kind : kinds_) {
      if (kind->name == name) whole_kind(*kind);
      rows(kind->keys, name, say(language(), in_kind, kind->name));
      rows(kind->connection_keys, name, say(language(), connection_of, kind->name));
    }
    return join_lines(lines_);
  }

 private:
  Language language() const { return style_.language; }

  void heading(const std::string& text) {
    if (!lines_.empty()) lines_.emplace_back();
    lines_.push_back(ink(text, Ink::strong, style_));
  }
  void append(const std::vector<std::string>& more) { lines_.insert(lines_.end(), more.begin(), more.end()); }
  void note(const std::string& text) { append(labelled("", text, 2, style_)); }

  void place(Where where) {
    Table first({"", "", ""});
    std::vector<std::string> again;
    for (const Key& key : all_keys()) {
      if (!key.in(where)) continue;
      if (described_.insert(&key).second) add_to(first, entry_of(key, where, language()), language());
      else again.emplace_back(key.name);
    }
    heading(where_name(where).in(language()));
    if (!first.empty()) append(first.lines(2, style_));
    if (!again.empty()) note(say(language(), also, join(again, ", ")));
    if (!takes_action(where)) return;
    std::vector<std::string> names;
    for (const auto* kind : kinds_) names.emplace_back(kind->name);
    note(say(language(), one_action, join(names, ", ")));
    if (lists_checks(where)) note(std::string(an_expression.in(language())));
  }

  void whole_kind(const ActionKind& kind) {
    heading(std::string(kind.name));
    note(std::string(language() == Language::korean ? kind.doc_ko : kind.doc_en));
    if (!kind.plain_key.empty()) note(say(language(), plainly, kind.name, kind.plain_key));
    fields(kind.keys);
    std::vector<std::string> names;
    for (const auto& row : kind.result) names.emplace_back(row.name);
    note(say(language(), result_is, join(names, ", ")));
    if (kind.connection_keys.empty()) return;
    heading(say(language(), connection_of, kind.name));
    fields(kind.connection_keys);
  }

  void fields(std::span<const KeyRow> rows) {
    std::vector<Entry> entries;
    std::map<std::string, std::vector<std::string>> alike;  // by what is said of them: libpq's own words
    for (const auto& row : rows) {
      Entry entry = entry_of(row, language());
      auto& names = alike[entry.doc];
      names.emplace_back(row.name);
      if (names.size() == 1) entries.push_back(std::move(entry));
    }
    Table table({"", "", ""});
    for (const auto& entry : entries) {
      const auto& names = alike.at(entry.doc);
      if (names.size() == 1) add_to(table, entry, language());
      else note(join(names, ", ") + ": " + entry.doc);
    }
    append(table.lines(2, style_));
  }

  void one_key(const Key& key) {
    std::vector<std::string> places, needed;
    for (const Where where : all_places()) {
      if (!key.in(where)) continue;
      places.push_back(where_name(where).in(language()));
      if (key.required_at(where)) needed.push_back(places.back());
    }
    Entry entry = entry_of(key, Where::top, language());
    entry.required = false;
    described(entry, join(places, ", "), join(needed, ", "));
  }

  void rows(std::span<const KeyRow> rows, std::string_view name, const std::string& where) {
    for (const auto& row : rows)
      if (row.name == name) {
        const Entry entry = entry_of(row, language());
        described(entry, where, entry.required ? where : "");
      }
  }

  void described(const Entry& entry, const std::string& where, const std::string& required_in) {
    heading(std::string(entry.name));
    note(entry.doc);
    Table table({"", ""});
    const auto add = [&](const Sentence& label, std::string_view text) {
      if (!text.empty()) table.add({std::string(label.in(language())), std::string(text)});
    };
    add(value_label, entry.value);
    add(place_label, where);
    add(is_required, required_in);
    add(default_label, entry.fallback);
    if (!entry.example.empty()) add(example_label, fmt::format("{}: {}", entry.name, entry.example));
    append(table.lines(2, style_));
  }

  Kinds kinds_;
  const Style& style_;
  std::vector<std::string> lines_;
  std::set<const Key*> described_;
};

}  // namespace

std::string key_reference(Kinds kinds, const Style& style) { return Reference(kinds, style).all(); }
std::string key_reference(Kinds kinds, std::string_view name, const Style& style) { return Reference(kinds, style).one(name); }

std::vector<std::string> reference_names(Kinds kinds) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
  };
  for (const Key& key : all_keys()) add(key.name);
  for (const auto* kind : kinds) {
    add(kind->name);
    for (const auto& row : kind->keys) add(row.name);
    for (const auto& row : kind->connection_keys) add(row.name);
  }
  return out;
}

}  // namespace runbook
