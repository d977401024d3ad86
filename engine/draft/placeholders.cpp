#include "draft/placeholders.h"

#include <algorithm>
#include <cctype>

namespace runbook::draft {
namespace {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

constexpr std::size_t longest = 60;

// The placeholder that begins here; empty: this `<` is one of the shell or of a tag.
std::string_view placeholder_at(std::string_view code, std::size_t begin) {
  if (code[begin] != '<' || begin + 2 >= code.size() || !is_letter(code[begin + 1])) return {};
  const bool is_document = begin > 0 && code[begin - 1] == '<';
  const bool is_descriptor = begin > 0 && is_digit(code[begin - 1]) && (begin == 1 || is_space(code[begin - 2]));  // 0<a
  if (is_document || is_descriptor) return {};
  std::size_t end = begin + 1;
  while (end < code.size() &&
         (is_letter(code[end]) || is_digit(code[end]) || code[end] == '-' || code[end] == '_' || code[end] == ' '))
    ++end;
  if (end == code.size() || code[end] != '>' || end - begin > longest || code[end - 1] == ' ' || code[end - 1] == '-') return {};
  const auto inside = code.substr(begin + 1, end - begin - 1);
  const auto last = inside.substr(inside.rfind(' ') + 1);
  if (last.size() < inside.size() && std::all_of(last.begin(), last.end(), is_digit)) return {};  // <a 2>b
  if (end + 1 < code.size() && (code[end + 1] == '>' || code[end + 1] == '&')) return {};
  if (code.find("</" + std::string(inside) + ">") != std::string_view::npos) return {};
  return code.substr(begin, end + 1 - begin);
}

class Filler {
 public:
  Filler(std::string_view code, const std::function<std::string(const std::string&)>& name_of) : code_(code), name_of_(name_of) {}

  Filled filled() && {
    while (at_ < code_.size()) step();
    return std::move(out_);
  }

 private:
  void copy(std::size_t end) {
    end = std::min(end, code_.size());
    out_.code += code_.substr(at_, end - at_);
    at_ = end;
  }
  void step() {
    const char c = code_[at_];
    if (c == '\\' && quote_ != '\'') return copy(at_ + 2);
    if (quote_ != 0 && c == quote_) quote_ = 0;
    else if (quote_ == 0 && (c == '\'' || c == '"')) quote_ = c;
    else if (quote_ == 0 && c == '#' && (at_ == 0 || is_space(code_[at_ - 1]))) return copy(code_.find('\n', at_));
    else if (quote_ == 0 && code_.substr(at_, 3) == "<<<") return copy(at_ + 3);
    else if (quote_ == 0 && code_.substr(at_, 2) == "<<") return document();
    else if (const auto found = placeholder_at(code_, at_); !found.empty()) {
      const auto name = variable(found);
      return replace(found, quote_ == '"' ? "${" + name + "}" : quote_ == '\'' ? "'\"$" + name + "\"'" : "\"$" + name + "\"");
    }
    copy(at_ + 1);
    if (c == '\n' && quote_ == 0 && !mark_.empty()) body();
  }

  void document() {
    std::size_t i = at_ + 2;
    while (i < code_.size() && (code_[i] == '-' || code_[i] == ' ')) ++i;
    const bool is_quoted = i < code_.size() && (code_[i] == '\'' || code_[i] == '"' || code_[i] == '\\');
    if (is_quoted) ++i;
    const auto begin = i;
    while (i < code_.size() && (std::isalnum(static_cast<unsigned char>(code_[i])) != 0 || code_[i] == '_')) ++i;
    mark_ = code_.substr(begin, i - begin);
    is_text_ = is_quoted;
    if (is_quoted && i < code_.size() && code_[begin - 1] == code_[i]) ++i;
    copy(i);
  }
  void body() {
    while (at_ < code_.size()) {
      const auto end = std::min(code_.find('\n', at_), code_.size());
      auto line = code_.substr(at_, end - at_);
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      const bool is_end = line == mark_;
      while (at_ < end) {
        const auto found = placeholder_at(code_, at_);
        if (found.empty()) copy(at_ + 1);
        else if (is_text_) replace(found, std::string(keep(found, {})));
        else replace(found, "${" + variable(found) + "}");
      }
      copy(end + 1);
      if (is_end) break;
    }
    mark_ = {};
  }

  void replace(std::string_view found, const std::string& with) {
    out_.code += with;
    at_ += found.size();
  }
  std::string variable(std::string_view found) {
    const auto name = name_of_(std::string(found));
    keep(found, name);
    return name;
  }
  std::string_view keep(std::string_view found, const std::string& name) {
    const auto is_same = [&](const Placeholder& one) { return one.text == found && one.variable == name; };
    auto& all = out_.placeholders;
    if (std::find_if(all.begin(), all.end(), is_same) == all.end()) all.push_back({std::string(found), name, 0});
    return found;
  }

  std::string_view code_;
  const std::function<std::string(const std::string&)>& name_of_;
  std::size_t at_ = 0;
  char quote_ = 0;
  std::string_view mark_;  // of the here-document that the next line begins
  bool is_text_ = false;   // nothing is replaced in it
  Filled out_;
};

}  // namespace

Filled fill_placeholders(std::string_view code, const std::function<std::string(const std::string&)>& name_of) {
  return Filler(code, name_of).filled();
}

std::string name_of_placeholder(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.empty() && out.back() != '_') out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() || is_digit(out[0]) ? "" : out;
}

}  // namespace runbook::draft
