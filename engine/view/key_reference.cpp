#include "view/key_reference.h"

#include <algorithm>
#include <map>
#include <set>

#include "runbook/keyed_map.h"
#include "view/markdown.h"
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

std::vector<std::string> cells_of(const Entry& entry, Language language) {
  std::string more;
  if (entry.required) more = is_required.in(language);
  else if (!entry.fallback.empty()) more = say(language, default_is, entry.fallback);
  return {std::string(entry.name), entry.value, entry.doc + (more.empty() ? "" : " (" + more + ")")};
}

class Reference {
 public:
  Reference(Kinds kinds, Language language) : kinds_(kinds), language_(language) {}

  std::vector<ReferencePart> all() && {
    for (const Where where : all_places()) place(where);
    for (const auto* kind : kinds_) whole_kind(*kind);
    return std::move(parts_);
  }

  std::vector<ReferencePart> one(std::string_view name) && {
    for (const Key& key : all_keys())
      if (key.name == name) one_key(key);
    for (const auto* kind : kinds_) {
      if (kind->name == name) whole_kind(*kind);
      rows(kind->keys, name, say(language_, in_kind, kind->name));
      rows(kind->connection_keys, name, say(language_, connection_of, kind->name));
    }
    return std::move(parts_);
  }

 private:
  ReferencePart& part(std::string heading) { return parts_.emplace_back(ReferencePart{std::move(heading), {}, {}, {}}); }

  void place(Where where) {
    auto& part = this->part(where_name(where).in(language_));
    std::vector<std::string> again;
    for (const Key& key : all_keys()) {
      if (!key.in(where)) continue;
      if (described_.insert(&key).second) part.rows.push_back(cells_of(entry_of(key, where, language_), language_));
      else again.emplace_back(key.name);
    }
    if (!again.empty()) part.below.push_back(say(language_, also, join(again, ", ")));
    if (!takes_action(where)) return;
    std::vector<std::string> names;
    for (const auto* kind : kinds_) names.emplace_back(kind->name);
    part.below.push_back(say(language_, one_action, join(names, ", ")));
    if (lists_checks(where)) part.below.emplace_back(an_expression.in(language_));
  }

  void whole_kind(const ActionKind& kind) {
    auto& part = this->part(std::string(kind.name));
    part.above.emplace_back(language_ == Language::korean ? kind.doc_ko : kind.doc_en);
    if (!kind.plain_key.empty()) part.above.push_back(say(language_, plainly, kind.name, kind.plain_key));
    fields(kind.keys, part);
    std::vector<std::string> names;
    for (const auto& row : kind.result) names.emplace_back(row.name);
    part.below.push_back(say(language_, result_is, join(names, ", ")));
    if (!kind.connection_keys.empty()) fields(kind.connection_keys, this->part(say(language_, connection_of, kind.name)));
  }

  void fields(std::span<const KeyRow> rows, ReferencePart& part) {
    std::vector<Entry> entries;
    std::map<std::string, std::vector<std::string>> alike;  // by what is said of them: libpq's own words
    for (const auto& row : rows) {
      Entry entry = entry_of(row, language_);
      auto& names = alike[entry.doc];
      names.emplace_back(row.name);
      if (names.size() == 1) entries.push_back(std::move(entry));
    }
    for (const auto& entry : entries) {
      const auto& names = alike.at(entry.doc);
      if (names.size() == 1) part.rows.push_back(cells_of(entry, language_));
      else part.above.push_back(join(names, ", ") + ": " + entry.doc);
    }
  }

  void one_key(const Key& key) {
    std::vector<std::string> places, needed;
    for (const Where where : all_places()) {
      if (!key.in(where)) continue;
      places.push_back(where_name(where).in(language_));
      if (key.required_at(where)) needed.push_back(places.back());
    }
    Entry entry = entry_of(key, Where::top, language_);
    entry.required = false;
    described(entry, join(places, ", "), join(needed, ", "));
  }

  void rows(std::span<const KeyRow> rows, std::string_view name, const std::string& where) {
    for (const auto& row : rows)
      if (row.name == name) {
        const Entry entry = entry_of(row, language_);
        described(entry, where, entry.required ? where : "");
      }
  }

  void described(const Entry& entry, const std::string& where, const std::string& required_in) {
    auto& part = this->part(std::string(entry.name));
    part.above.push_back(entry.doc);
    const auto add = [&](const Sentence& label, std::string_view text) {
      if (!text.empty()) part.rows.push_back({std::string(label.in(language_)), std::string(text)});
    };
    add(value_label, entry.value);
    add(place_label, where);
    add(is_required, required_in);
    add(default_label, entry.fallback);
    if (!entry.example.empty()) add(example_label, fmt::format("{}: {}", entry.name, entry.example));
  }

  Kinds kinds_;
  Language language_;
  std::vector<ReferencePart> parts_;
  std::set<const Key*> described_;
};

}  // namespace

std::vector<ReferencePart> key_reference(Kinds kinds, Language language) { return Reference(kinds, language).all(); }
std::vector<ReferencePart> key_reference(Kinds kinds, std::string_view name, Language language) {
  return Reference(kinds, language).one(name);
}

std::string reference_text(const std::vector<ReferencePart>& parts, const Style& style) {
  std::vector<std::string> out;
  const auto append = [&](const std::vector<std::string>& lines) { out.insert(out.end(), lines.begin(), lines.end()); };
  for (const auto& part : parts) {
    if (!out.empty()) out.emplace_back();
    out.push_back(ink(part.heading, Ink::strong, style));
    for (const auto& note : part.above) append(labelled("", note, 2, style));
    if (!part.rows.empty()) {
      Table table(std::vector<std::string>(part.rows.front().size()));
      for (const auto& row : part.rows) table.add(row);
      append(table.lines(2, style));
    }
    for (const auto& note : part.below) append(labelled("", note, 2, style));
  }
  return join_lines(out);
}

std::string reference_markdown(const std::vector<ReferencePart>& parts) {
  std::string out;
  for (const auto& part : parts) {
    out += (out.empty() ? "## " : "\n## ") + markdown_text(part.heading) + "\n";
    for (const auto& note : part.above) out += "\n" + markdown_text(note) + "\n";
    if (!part.rows.empty()) {
      const auto columns = part.rows.front().size();
      out += "\n|";
      for (std::size_t i = 0; i < columns; ++i) out += " |";
      out += "\n|";
      for (std::size_t i = 0; i < columns; ++i) out += "---|";
      for (const auto& row : part.rows) {
        out += "\n|";
        for (std::size_t i = 0; i < columns; ++i)
          out += " " + markdown_cell(i == 0 && columns == 3 ? markdown_code(row[i]) : markdown_text(row[i])) + " |";
      }
      out += "\n";
    }
    for (const auto& note : part.below) out += "\n" + markdown_text(note) + "\n";
  }
  return out;
}

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
