#include "yaml/mistakes.h"

#include <algorithm>
#include <cctype>

#include "base/odd_blank.h"
#include "yaml/messages.h"

namespace runbook::yaml {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80U) != 0; }

// `don't` opens nothing, `'it` does.
bool ends_inside_quotes(std::string_view text) {
  char open = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && open != '\'') {
      ++i;
      continue;
    }
    if (open != '\0') {
      if (text[i] == open) open = '\0';
    } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !is_word(text[i - 1])))) {
      open = text[i];
    }
  }
  return open != '\0';
}

}  // namespace

void check_comment(const SourceText& source, const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong) {
  std::size_t hash = scalar.end;
  while (source[hash] == ' ' || source[hash] == '\t') ++hash;
  if (hash == scalar.end || source[hash] != '#') return;
  const Place at = source.at(hash, source.line_end(hash) - hash);
  if (ends_inside_quotes(decoded)) {
    wrong.push_back(diagnose(messages::comment_in_quotes, at)
                        .helped(phrase("quote the whole text or write it as a block (`|`)",
                                       "글 전체를 따옴표로 싸거나 블록(`|`)으로 쓰십시오")));
    return;
  }
  // `# ` with two blanks before it is how a comment is written; `#1` and ` # ` in the middle of a sentence may be meant.
  const bool looks_like_text =
      source[hash + 1] != ' ' && source[hash + 1] != '#' && source[hash + 1] != '\n' && source[hash + 1] != '\r';
  const bool in_a_sentence = hash == scalar.end + 1 && source[scalar.end] == ' ' && decoded.find(' ') != std::string::npos;
  if (!looks_like_text && !in_a_sentence) return;
  wrong.push_back(diagnose(messages::comment_cuts, at)
                      .helped(phrase("quote the text if `#` belongs to it; write a comment as two blanks, `# `, and the comment",
                                     "`#` 이 글의 일부이면 따옴표로 싸십시오. 주석이면 공백 두 개와 `# ` 뒤에 쓰십시오")));
}

void check_split(const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong) {
  if (std::count(decoded.begin(), decoded.end(), '(') <= std::count(decoded.begin(), decoded.end(), ')')) return;
  wrong.push_back(diagnose(messages::comma_splits_list, scalar.at).helped(phrase("quote it", "따옴표로 싸십시오")));
}

void check_blanks(const SourceText& source, const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong) {
  const auto is_odd = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; };
  if (decoded.empty() || (!is_odd(decoded[0]) && !is_odd(decoded.back()) && decoded[0] != '-')) return;  // nearly all
  const std::size_t dash = decoded[0] == '-' ? 1 : 0;
  if (odd_blank(std::string_view(decoded).substr(dash)).length > 0)
    wrong.push_back(explain_odd_blank(source, scalar.begin + dash));
  else if (const auto last = odd_blank_at_end(decoded); last.length > 0)
    wrong.push_back(explain_odd_blank(source, scalar.end - last.length));
}

Diagnostic explain_odd_blank(const SourceText& source, std::size_t offset) {
  const auto found = odd_blank(source.text().substr(offset, 3));
  const auto name = name_of_blank(found.code);
  auto out = diagnose(messages::odd_blank, source.at(offset, found.length), static_cast<unsigned>(found.code), name.en);
  out.text.ko = phrase("", messages::odd_blank.ko, static_cast<unsigned>(found.code), name.ko).ko;
  return std::move(out).helped(phrase("type it again with the space bar", "스페이스 바로 다시 치십시오"));
}

}  // namespace runbook::yaml
