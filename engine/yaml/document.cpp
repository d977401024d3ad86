#include "yaml/document.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>

#include "yaml/messages.h"
#include "yaml/syntax_error.h"
#include "yaml/text_check.h"
#include "yaml/tree_builder.h"

namespace runbook::yaml {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// yaml-cpp reads a stream; this one lies on the text itself.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only read: there is no put area
    setg(begin, begin, begin + text.size());
  }
};

// yaml-cpp skips what it does not know behind `%`.
void check_directive(const SourceText& source, Diagnostics& wrong) {
  for (std::size_t n = 1; n <= source.line_number(source.size()); ++n) {
    const auto line = source.line(n);
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '%')
      wrong.push_back(diagnose(messages::directive, source.at(source.offset_of(n), line.size()))
                          .helped(phrase("delete the line", "이 줄을 지우십시오")));
    else return;
  }
}

bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == marker.size() || line[marker.size()] == ' ');
}

// Whoever writes where a document begins says where it ends as well: cut off between two lines, a runbook is mostly another
// valid runbook, of fewer steps or with a criterion that asks for less.
void check_end(const SourceText& source, Diagnostics& wrong) {
  const auto says_something = [&](std::size_t n) {
    const auto line = source.line(n);
    const auto begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && line[begin] != '#';
  };
  const std::size_t lines = source.line_number(source.size());
  std::size_t first = 1, last = lines;
  while (first < lines && !says_something(first)) ++first;
  while (last > first && !says_something(last)) --last;
  if (!is_marker(source.line(first), "---") || is_marker(source.line(last), "...")) return;
  wrong.push_back(diagnose(messages::no_document_end, source.at(source.offset_of(last), source.line(last).size()))
                      .noted(source.at(source.offset_of(first), 3), phrase("it begins here", "여기에서 시작합니다"))
                      .helped(phrase("look whether its end is there, then add the line `...`",
                                     "끝까지 있는지 확인하고 `...` 줄을 넣으십시오")));
}

void split_warnings(Diagnostics& found, Diagnostics& warnings) {
  const auto first_warning =
      std::stable_partition(found.begin(), found.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
  warnings.insert(warnings.end(), std::make_move_iterator(first_warning), std::make_move_iterator(found.end()));
  found.erase(first_warning, found.end());
}

}  // namespace

namespace {

// A reader asks each map for every key that there is: nearly all answers are no, and most differ in length or first letter.
const Node::Entry* entry_of(const NodeList<Node::Entry>& entries, std::string_view key) {
  for (const auto& entry : entries) {
    const std::string& text = entry.key.text;
    if (text.size() == key.size() && (key.empty() || text[0] == key[0]) && text == key) return &entry;
  }
  return nullptr;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto* entry = entry_of(entries, key);
  return entry != nullptr ? &entry->value : nullptr;
}

const Scalar* Node::key(std::string_view key) const {
  const auto* entry = entry_of(entries, key);
  return entry != nullptr ? &entry->key : nullptr;
}

Result<Node> parse(std::string_view text, std::uint16_t file, const Limits& limits, Diagnostics& warnings) {
  if (text.size() > limits.bytes)
    return failure(Diagnostics{diagnose(messages::too_large, {file, 0, 0, 1}, limits.bytes)
                                   .helped(phrase("raise the limit if it is meant so: --limit size=64MiB",
                                                  "의도한 것이면 한도를 올리십시오: --limit size=64MiB"))});
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  const SourceText source(text, file);
  Diagnostics wrong;
  if (check_text(source, wrong) == Readable::no) return failure(std::move(wrong));
  check_directive(source, wrong);
  check_end(source, wrong);

  TreeBuilder builder(source, limits, wrong);
  try {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) wrong.push_back(diagnose(messages::empty_file, {file, 0, 0, 1}));
    else parser.HandleNextDocument(builder);
  } catch (const GivenUp&) {
    // The last diagnostic says why.
  } catch (const YAML::Exception& error) {
    const auto offset = static_cast<std::size_t>(std::max(error.mark.pos, 0));
    auto explained = explain_syntax_error(source, error.msg, offset, builder.open_brackets());
    // What stops the parser on a line that is already known to be wrong is a consequence: `{{ base }}/health`.
    const bool known = std::any_of(wrong.begin(), wrong.end(), [&](const Diagnostic& d) {
      return d.severity == Severity::error && d.at.line != 0 && d.at.line == explained.at.line &&
             d.code != messages::no_last_newline.code;
    });
    if (!known) wrong.push_back(std::move(explained));
  }
  split_warnings(wrong, warnings);
  if (!wrong.empty()) return failure(std::move(wrong));
  return builder.take_root();
}

}  // namespace runbook::yaml
