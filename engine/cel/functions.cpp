#include "cel/functions.h"

#include <algorithm>

namespace runbook::cel {
namespace {

using K = Value::Kind;
using Style = Signature::Style;

constexpr Types any = Types::any();
constexpr Types text = K::string;
constexpr Types integer = K::integer;
constexpr Types moment = K::timestamp;
constexpr Types clock = Types(K::timestamp) | K::duration;
constexpr Types number = Types(K::integer) | K::unsigned_integer | K::number;

constexpr Signature table[] = {
    {"size", Function::size, Style::both, 1, 1, {text | K::bytes | K::list | K::map}, integer},
    {"contains", Function::contains, Style::method, 2, 2, {text, text}, K::boolean},
    {"startsWith", Function::starts_with, Style::method, 2, 2, {text, text}, K::boolean},
    {"endsWith", Function::ends_with, Style::method, 2, 2, {text, text}, K::boolean},
    {"matches", Function::matches, Style::both, 2, 2, {text, text}, K::boolean},

    {"int", Function::to_int, Style::global, 1, 1, {number | text | K::timestamp}, integer},
    {"uint", Function::to_uint, Style::global, 1, 1, {number | text}, K::unsigned_integer},
    {"double", Function::to_double, Style::global, 1, 1, {number | text}, K::number},
    {"string", Function::to_string, Style::global, 1, 1, {number | text | K::boolean | K::bytes | clock}, text},
    {"bool", Function::to_bool, Style::global, 1, 1, {text | K::boolean}, K::boolean},
    {"bytes", Function::to_bytes, Style::global, 1, 1, {text | K::bytes}, K::bytes},
    {"duration", Function::to_duration, Style::global, 1, 1, {text | K::duration}, K::duration},
    {"timestamp", Function::to_timestamp, Style::global, 1, 1, {text | K::integer | K::timestamp}, moment},
    {"type", Function::type_of, Style::global, 1, 1, {any}, K::type},
    {"dyn", Function::dyn, Style::global, 1, 1, {any}, any},

    {"getFullYear", Function::full_year, Style::method, 1, 2, {moment, text}, integer},
    {"getMonth", Function::month, Style::method, 1, 2, {moment, text}, integer},
    {"getDayOfMonth", Function::day_of_month, Style::method, 1, 2, {moment, text}, integer},
    {"getDate", Function::date, Style::method, 1, 2, {moment, text}, integer},
    {"getDayOfWeek", Function::day_of_week, Style::method, 1, 2, {moment, text}, integer},
    {"getDayOfYear", Function::day_of_year, Style::method, 1, 2, {moment, text}, integer},
    {"getHours", Function::hours, Style::method, 1, 2, {clock, text}, integer},
    {"getMinutes", Function::minutes, Style::method, 1, 2, {clock, text}, integer},
    {"getSeconds", Function::seconds, Style::method, 1, 2, {clock, text}, integer},
    {"getMilliseconds", Function::milliseconds, Style::method, 1, 2, {clock, text}, integer},

    {"trim", Function::trim, Style::method, 1, 1, {text}, text},
    {"split", Function::split, Style::method, 2, 3, {text, text, integer}, K::list},
    {"replace", Function::replace, Style::method, 3, 4, {text, text, text, integer}, text},
    {"lowerAscii", Function::lower_ascii, Style::method, 1, 1, {text}, text},
    {"upperAscii", Function::upper_ascii, Style::method, 1, 1, {text}, text},
    {"substring", Function::substring, Style::method, 2, 3, {text, integer, integer}, text},
    {"join", Function::join, Style::method, 1, 2, {K::list, text}, text},
    {"charAt", Function::char_at, Style::method, 2, 2, {text, integer}, text},
    {"indexOf", Function::index_of, Style::method, 2, 3, {text, text, integer}, integer},
    {"lastIndexOf", Function::last_index_of, Style::method, 2, 3, {text, text, integer}, integer},
};

constexpr K kinds[] = {K::null,  K::boolean, K::integer, K::unsigned_integer, K::number,    K::string,
                       K::bytes, K::list,    K::map,     K::duration,         K::timestamp, K::type};

template <class Word>
std::string enumerate(Types types, Word word, std::string_view anything, std::string_view before_last) {
  if (types.is_any()) return std::string(anything);
  std::vector<std::string> words;
  for (const K kind : kinds)
    if (types.has(kind)) words.emplace_back(word(kind));
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += i + 1 == words.size() ? before_last : ", ";
    all += words[i];
  }
  return all;
}

}  // namespace

const Signature* find_function(std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table), [name](const Signature& s) { return s.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::vector<std::string> function_names() {
  std::vector<std::string> names = {"has", "all", "exists", "exists_one", "filter", "map"};
  for (const auto& signature : table) names.emplace_back(signature.name);
  return names;
}

std::string_view type_word(Value::Kind kind) {
  switch (kind) {
    case K::null: return "null";
    case K::duration: return "duration";
    case K::timestamp: return "timestamp";
    default: return kind_name(kind);
  }
}

std::string type_with_article(Value::Kind kind) {
  if (kind == K::null || kind == K::bytes) return std::string(type_word(kind));
  return (kind == K::integer ? "an " : "a ") + std::string(type_word(kind));
}

std::string type_words(Types types) { return enumerate(types, type_with_article, "any value", " or "); }
std::string type_names(Types types) { return enumerate(types, type_word, "어떤 값", " 또는 "); }

}  // namespace runbook::cel
