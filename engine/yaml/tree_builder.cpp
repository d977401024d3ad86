#include "yaml/tree_builder.h"

#include <algorithm>

#include "yaml/messages.h"
#include "yaml/syntax_error.h"
#include "yaml/mistakes.h"

namespace runbook::yaml {
namespace {

constexpr std::size_t reported_at_most = 100;
constexpr std::size_t large_map = 16;

std::string cut(std::string text) {
  if (text.size() <= 60) return text;
  std::size_t end = 57;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

TreeBuilder::TreeBuilder(const SourceText& source, const Limits& limits, Diagnostics& wrong)
    : source_(source),
      limits_(limits),
      wrong_(wrong) {}

std::vector<std::size_t> TreeBuilder::open_brackets() const {
  std::vector<std::size_t> open;
  for (const auto& frame : frames_)
    if (frame.flow) open.push_back(frame.begin);
  return open;
}

// yaml-cpp counts without a byte order mark; our text has none either.
std::size_t TreeBuilder::offset_of(const YAML::Mark& mark) const { return static_cast<std::size_t>(std::max(mark.pos, 0)); }

void TreeBuilder::report(Diagnostic diagnostic) {
  wrong_.push_back(std::move(diagnostic));
  if (wrong_.size() >= reported_at_most) throw GivenUp{};
}

void TreeBuilder::count(std::size_t nodes, std::size_t offset) {
  nodes_ += nodes;
  if (nodes_ <= limits_.nodes) return;
  wrong_.push_back(diagnose(messages::too_many_nodes, source_.at(offset), limits_.nodes)
                       .helped(phrase("split the runbook with `use`, or raise the limit: --limit nodes={}",
                                      "`use` 로 나누거나 한도를 올리십시오: --limit nodes={}", limits_.nodes * 10)));
  throw GivenUp{};
}

void TreeBuilder::check_depth(std::size_t depth, std::size_t offset) {
  if (depth <= limits_.depth) return;
  wrong_.push_back(diagnose(messages::too_deep, source_.at(offset), limits_.depth));
  throw GivenUp{};
}

std::size_t TreeBuilder::behind_properties(std::size_t offset) {
  std::size_t at = offset;
  while (source_[at] == '&') {  // one property at a time: the tag may stand behind the anchor
    at = skip_properties(source_, at);
    if (source_[at] == '!') break;
  }
  std::size_t tag = offset;
  if (source_[tag] == '&')
    while (tag < at && source_[tag] != '!') ++tag;
  if (source_[tag] == '!') {
    std::size_t end = tag;
    while (end < source_.size() && std::string_view(" \t\r\n,").find(source_[end]) == std::string_view::npos) ++end;
    const auto rest = source_.text().substr(tag, std::min(source_.line_end(tag), tag + 60) - tag);
    report(diagnose(messages::tag, source_.at(tag, end - tag))
               .helped(phrase("quote the expression: '{}'", "식을 따옴표로 싸십시오: '{}'", rest)));
  }
  return skip_properties(source_, offset);
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ == 1) return;
  const std::size_t offset = offset_of(mark);
  if (source_.text().substr(offset, 3) == "---") {
    wrong_.push_back(diagnose(messages::second_document, source_.at(offset, 3)));
  } else {  // `b: c` below a list: yaml-cpp ends the document where nothing fits any more
    wrong_.push_back(diagnose(messages::indentation, source_.at(offset, source_.line_end(offset) - offset))
                         .helped(phrase("indent it as the lines that it belongs to", "속한 줄들과 맞추어 들여쓰십시오")));
  }
  throw GivenUp{};
}

bool TreeBuilder::expects_key() const {
  return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && !frames_.back().has_key;
}

const Scalar* TreeBuilder::earlier_key(const std::string& text) const {
  for (std::size_t i = frames_.back().entries_before; i < entries_.size(); ++i)
    if (entries_[i].key.text == text) return &entries_[i].key;
  return nullptr;
}

void TreeBuilder::add_key(Node&& node, std::size_t end) {
  Frame& frame = frames_.back();
  if (node.kind != Node::Kind::scalar) {
    if (frame.flow && node.kind == Node::Kind::map && source_[frame.begin + 1] == '{')
      report(diagnose(messages::foreign_template, source_.at(frame.begin, 2))
                 .helped(phrase("write ${{vars.name}}, or quote the text", "${{vars.name}} 로 쓰거나 글을 따옴표로 싸십시오")));
    else report(diagnose(messages::key_not_text, node.at).helped(phrase("quote it", "따옴표로 싸십시오")));
  } else if (node.text == "<<" && node.style == Node::Style::plain) {
    report(diagnose(messages::merge_key, node.at)
               .helped(phrase("write the keys out, or name the whole value with an alias",
                              "키를 모두 쓰거나, 값 전체를 별칭으로 쓰십시오")));
  } else {
    const Scalar* first = nullptr;
    if (entries_.size() - frame.entries_before < large_map) {
      first = earlier_key(node.text);
    } else {
      if (frame.keys.empty())
        for (std::size_t i = frame.entries_before; i < entries_.size(); ++i) frame.keys.insert(entries_[i].key.text);
      if (!frame.keys.insert(node.text).second) first = earlier_key(node.text);
    }
    if (first != nullptr)
      report(diagnose(messages::duplicate_key, node.at, cut(node.text)).noted(first->at, phrase("first here", "처음 쓴 곳")));
  }
  entries_.grow().key = std::move(node);  // what else there is to a node goes
  frame.has_key = true;
  frame.key_end = std::min(end, source_.size());  // what stands behind a tag may be nothing
}

void TreeBuilder::add(Node&& node, std::size_t end) {
  if (frames_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = frames_.back();
  if (frame.node.kind == Node::Kind::sequence) {
    items_.grow() = std::move(node);
  } else if (!frame.has_key) {
    add_key(std::move(node), end);
  } else {
    entries_.back().value = std::move(node);
    frame.has_key = false;
  }
}

void TreeBuilder::remember(YAML::anchor_t anchor, const Node& node, std::size_t nodes, std::size_t depth) {
  if (anchor == YAML::NullAnchor) return;
  // The copy counts too: nested anchors would otherwise multiply the memory by their depth.
  count(nodes, 0);
  anchors_[anchor] = {node, nodes, depth, true};
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  std::size_t offset = offset_of(mark);
  count(1, offset);
  Node node;
  const bool is_key = expects_key();
  if (source_[offset] == '!' || source_[offset] == '&') offset = behind_properties(offset);
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    const char after = source_[offset + word.size()];
    if (source_.text().substr(offset, word.size()) == word &&
        (after == '\0' || std::string_view(" \t\r\n,]}:").find(after) != std::string_view::npos))
      node.text = word;
  }
  node.at = source_.at(offset, std::max<std::size_t>(node.text.size(), 1));
  if (!frames_.empty() && frames_.back().has_key && node.text.empty()) {
    const Frame& frame = frames_.back();
    node.at = waiting_key().at;
    // yaml-cpp takes the last line of a block for a key even without a colon: a file cut off there would pass.
    const std::size_t behind = source_.text().find_first_not_of(" \t\r\n", frame.key_end);
    if (!frame.flow && (behind == std::string_view::npos || source_[behind] != ':'))
      report(explain_no_colon(source_, waiting_key().at));
    // In { } a key without a colon is what a comma left over.
    if (frame.flow &&
        source_.text().substr(frame.key_end, offset - std::min(frame.key_end, offset)).find(':') == std::string_view::npos &&
        source_[frame.begin + 1] != '{' && (frame.begin == 0 || source_[frame.begin - 1] != '{'))  // `{{ }}` has its own word
      report(diagnose(messages::comma_splits_map, waiting_key().at)
                 .helped(phrase("quote the value as a whole", "값 전체를 따옴표로 싸십시오")));
  } else if (!frames_.empty() && node.text.empty() && !is_key) {
    node.at = source_.at(frames_.back().begin);  // an empty list item: the next token may be lines away
    for (std::size_t i = std::min(offset, source_.size()); i-- > frames_.back().begin;)
      if (source_[i] == '-' || source_[i] == ',' || source_[i] == '[') {
        node.at = source_.at(i);
        break;
      }
  }
  if (is_key && !node.text.empty()) node.kind = Node::Kind::scalar;  // `null: x` is a key like any other
  remember(anchor, node, 1, 0);
  add(std::move(node), offset);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t offset = offset_of(mark);
  const auto found = anchors_.find(anchor);
  std::size_t end = offset + 1;
  while (end < source_.size() && std::string_view(" \t\r\n,]}").find(source_[end]) == std::string_view::npos) ++end;
  if (found == anchors_.end() || !found->second.complete) {
    wrong_.push_back(diagnose(messages::cyclic_alias, source_.at(offset, end - offset)));
    throw GivenUp{};
  }
  count(found->second.nodes, offset);
  check_depth(frames_.size() + found->second.depth, offset);
  if (!frames_.empty()) frames_.back().deepest = std::max(frames_.back().deepest, found->second.depth);
  add(Node(found->second.node), end);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& value) {
  std::size_t offset = offset_of(mark);
  count(1, offset);
  if (source_[offset] == '!' || source_[offset] == '&') offset = behind_properties(offset);
  ScalarSource scalar = locate_scalar(source_, offset, value);
  if (!scalar.closed) {
    wrong_.push_back(diagnose(messages::unterminated_quote, source_.at(offset)));
    throw GivenUp{};
  }
  const bool is_key = expects_key();
  if (scalar.style == Node::Style::plain) {
    Diagnostics found;
    check_blanks(source_, scalar, value, found);
    if (!is_key) check_comment(source_, scalar, value, found);
    if (!is_key && !frames_.empty() && frames_.back().flow && frames_.back().node.kind == Node::Kind::sequence)
      check_split(scalar, value, found);
    for (auto& one : found) report(std::move(one));
  }
  Node node;
  node.kind = Node::Kind::scalar;
  node.style = scalar.style;
  node.at = scalar.at;
  node.text = value;
  if (scalar.map != TextMap(scalar.at)) node.pieces = std::move(scalar.map);
  remember(anchor, node, 1, 0);
  add(std::move(node), scalar.end);
}

void TreeBuilder::open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  std::size_t offset = offset_of(mark);
  count(1, offset);
  check_depth(frames_.size() + 1, offset);
  if (source_[offset] == '!' || source_[offset] == '&') offset = behind_properties(offset);
  Frame frame;
  frame.node.kind = kind;
  frame.node.at = source_.at(offset);
  frame.flow = frame.node.flow = style == YAML::EmitterStyle::Flow;
  frame.begin = offset;
  frame.items_before = items_.size();
  frame.entries_before = entries_.size();
  frame.anchor = anchor;
  frame.nodes_before = nodes_ - 1;
  frames_.push_back(std::move(frame));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value style) {
  open(Node::Kind::sequence, mark, anchor, style);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  open(Node::Kind::map, mark, anchor, style);
}

void TreeBuilder::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  frame.node.items = items_.take(frame.items_before);
  frame.node.entries = entries_.take(frame.entries_before);
  const std::size_t depth = frame.deepest + 1;
  if (!frames_.empty()) frames_.back().deepest = std::max(frames_.back().deepest, depth);
  remember(frame.anchor, frame.node, nodes_ - frame.nodes_before, depth);
  add(std::move(frame.node), frame.begin + 1);
}

}  // namespace runbook::yaml
