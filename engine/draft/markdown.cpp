#include "draft/markdown.h"

#include <algorithm>
#include <cctype>

#include "base/digest.h"
#include "draft/lines.h"

namespace runbook::draft {
namespace {

constexpr std::string_view blanks = " \t";

std::size_t indentation(std::string_view line) {
  std::size_t columns = 0;
  for (const char c : line) {
    if (c == ' ') ++columns;
    else if (c == '\t') columns += 4 - columns % 4;
    else break;
  }
  return columns;
}

std::string without_indentation(std::string_view line, std::size_t columns) {
  while (columns > 0 && !line.empty() && blanks.find(line.front()) != std::string_view::npos) {
    columns -= std::min<std::size_t>(columns, line.front() == '\t' ? 4 : 1);
    line.remove_prefix(1);
  }
  return std::string(line);
}

struct Fence {
  char mark = 0;
  std::size_t length = 0, indentation = 0;
  std::string language;
};

// length 0: no fence
Fence fence_of(std::string_view line) {
  const auto text = trimmed(line);
  if (text.empty() || (text[0] != '`' && text[0] != '~')) return {};
  Fence out{text[0], std::min(text.find_first_not_of(text[0]), text.size()), indentation(line), ""};
  const auto rest = trimmed(text.substr(out.length));
  if (out.length < 3 || (out.mark == '`' && rest.find('`') != std::string_view::npos)) return {};
  out.language = rest.substr(0, std::min(rest.find_first_of(" \t{,"), rest.size()));
  return out;
}
bool closes(const Fence& open, std::string_view line) {
  const Fence end = fence_of(line);
  return end.mark == open.mark && end.length >= open.length && end.language.empty();
}

// 0: no heading
std::size_t heading_level(std::string_view line) {
  if (indentation(line) > 3) return 0;
  const auto text = trimmed(line);
  const auto level = std::min(text.find_first_not_of('#'), text.size());
  return level <= 6 && level < text.size() && blanks.find(text[level]) != std::string_view::npos ? level : 0;
}

// "**bold**", "`code`", "[text](target)" as plain words; what stood between backticks is kept beside them.
std::string plain(std::string_view text, std::vector<std::string>* quotes = nullptr) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && std::string_view("\\`*_[]()#|<>").find(text[i + 1]) != std::string_view::npos) {
      out += text[++i];
    } else if (text.substr(i, 2) == "**" || text.substr(i, 2) == "~~") {
      ++i;
    } else if (text[i] == '`') {
      const auto end = text.find('`', i + 1);
      if (end == std::string_view::npos) continue;
      if (quotes != nullptr && end > i + 1) quotes->emplace_back(text.substr(i + 1, end - i - 1));
      out += text.substr(i + 1, end - i - 1);
      i = end;
    } else if (text[i] == '[') {
      const auto close = text.find("](", i);
      const auto end = close == std::string_view::npos ? close : text.find(')', close);
      const bool is_link = end != std::string_view::npos && text.find('[', i + 1) > close;
      if (is_link) {
        out += plain(text.substr(i + 1, close - i - 1), quotes);
        i = end;
      } else {
        out += '[';
      }
    } else {
      out += text[i];
    }
  }
  return std::string(trimmed(out));
}

std::string heading_text(std::string_view line) {
  auto text = trimmed(line);
  text.remove_prefix(std::min(text.find_first_not_of('#'), text.size()));
  text = trimmed(text);
  const auto last = text.find_last_not_of('#');
  if (last != std::string_view::npos && last + 1 < text.size() && blanks.find(text[last]) != std::string_view::npos)
    text = trimmed(text.substr(0, last + 1));
  return plain(text);
}

// The bytes of "- " or "12. "; 0: no item.
std::size_t item_mark(std::string_view text) {
  std::size_t length = 0;
  if (!text.empty() && std::string_view("-*+").find(text[0]) != std::string_view::npos) {
    length = 1;
  } else {
    while (length < text.size() && length < 9 && text[length] >= '0' && text[length] <= '9') ++length;
    if (length == 0 || length >= text.size() || (text[length] != '.' && text[length] != ')')) return 0;
    ++length;
  }
  return length < text.size() && blanks.find(text[length]) != std::string_view::npos ? length : 0;
}

bool is_rule(std::string_view text) {
  if (text.size() < 3 || std::string_view("-*_").find(text[0]) == std::string_view::npos) return false;
  return text.find_first_not_of(std::string(1, text[0]) + " ") == std::string_view::npos;
}

std::vector<std::string> cells_of(std::string_view text) {
  std::vector<std::string> out;
  std::string cell;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      cell += text[i];
      cell += text[++i];
    } else if (text[i] == '|') {
      out.push_back(plain(cell));
      cell.clear();
    } else {
      cell += text[i];
    }
  }
  if (!trimmed(cell).empty()) out.push_back(plain(cell));
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : lines_(lines_of(text)) {}

  std::vector<Block> blocks() && {
    if (!lines_.empty() && lines_[0] == "---") skip_front_matter();
    for (; at_ < lines_.size(); ++at_) {
      const auto line = lines_[at_];
      const auto text = trimmed(line);
      if (text.empty()) {
        after_blank_ = true;
        continue;
      }
      read(line, text);
      after_blank_ = false;
    }
    return std::move(out_);
  }

 private:
  void skip_front_matter() {
    for (std::size_t i = 1; i < lines_.size(); ++i)
      if (lines_[i] == "---") {
        at_ = i + 1;
        return;
      }
  }

  void read(std::string_view line, std::string_view text) {
    const std::size_t columns = indentation(line);
    if (!lists_.empty() && after_blank_ && columns == 0 && item_mark(text) == 0) lists_.clear();
    if (const Fence fence = fence_of(line); fence.length > 0) return fenced(fence);
    if (const auto level = heading_level(line); level > 0) {
      lists_.clear();
      return add(Block::Kind::heading, level, heading_text(line));
    }
    if (text.starts_with("<!--")) return comment();
    if (!out_.empty() && out_.back().kind == Block::Kind::sentence && out_.back().line == at_ &&
        (text.find_first_not_of('=') == std::string_view::npos || text.find_first_not_of('-') == std::string_view::npos)) {
      out_.back().kind = Block::Kind::heading;
      out_.back().depth = text[0] == '=' ? 1 : 2;
      return;
    }
    if (is_rule(text)) return;
    if (text[0] == '|') return row(text);
    if (const auto mark = item_mark(text); mark > 0) return item(columns, text, mark);
    if (columns >= 4 && lists_.empty() && after_blank_) return indented();
    add(Block::Kind::sentence, lists_.size(), "");
    out_.back().text = plain(text.starts_with("> ") ? text.substr(2) : text, &out_.back().quotes);
  }

  void add(Block::Kind kind, std::size_t depth, std::string text) {
    Block block;
    block.kind = kind;
    block.line = at_ + 1;
    block.depth = depth;
    block.text = std::move(text);
    out_.push_back(std::move(block));
  }

  void fenced(const Fence& fence) {
    ++at_;
    add(Block::Kind::code, 0, "");
    out_.back().language = fence.language;
    for (; at_ < lines_.size() && !closes(fence, lines_[at_]); ++at_)
      out_.back().text += without_indentation(lines_[at_], fence.indentation) + "\n";
  }
  void indented() {
    add(Block::Kind::code, 0, "");
    for (; at_ < lines_.size() && (indentation(lines_[at_]) >= 4 || trimmed(lines_[at_]).empty()); ++at_)
      out_.back().text += without_indentation(lines_[at_], 4) + "\n";
    --at_;
  }
  void comment() {
    while (at_ < lines_.size() && lines_[at_].find("-->") == std::string_view::npos) ++at_;
  }

  void row(std::string_view text) {
    if (text.find_first_not_of("|-: \t") == std::string_view::npos) return;
    add(Block::Kind::row, 0, "");
    plain(text, &out_.back().quotes);
    out_.back().cells = cells_of(text);
  }

  void item(std::size_t columns, std::string_view text, std::size_t mark) {
    while (!lists_.empty() && columns <= lists_.back()) lists_.pop_back();
    add(Block::Kind::item, lists_.size(), "");
    lists_.push_back(columns);
    Block& block = out_.back();
    block.is_numbered = mark > 1;
    auto rest = trimmed(text.substr(mark));
    if (rest.starts_with("[ ]") || rest.starts_with("[x]") || rest.starts_with("[X]")) {
      block.is_box = true;
      rest = trimmed(rest.substr(3));
    }
    block.text = plain(rest, &block.quotes);
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  bool after_blank_ = true;
  std::vector<std::size_t> lists_;  // columns of the items that are open
  std::vector<Block> out_;
};

bool is_same_heading(std::string_view one, std::string_view other) {
  return one == other || (!undecorated(one).empty() && undecorated(one) == undecorated(other));
}

}  // namespace

std::string_view undecorated(std::string_view text) {
  const auto begins_word = [](unsigned char byte) {
    if (byte < 0x80) return std::isalnum(byte) != 0;
    // Pictures lie at U+2000 to U+2FFF, U+F000 and beyond the basic plane; the letters of scripts in use do not.
    return byte >= 0xC2 && byte < 0xEF && byte != 0xE2;
  };
  while (!text.empty() && !begins_word(static_cast<unsigned char>(text[0]))) text.remove_prefix(1);
  return text;
}
std::vector<Block> markdown_blocks(std::string_view text) { return Reader(text).blocks(); }

std::vector<Section> sections(std::string_view text, std::string_view heading) {
  if (heading.empty()) return {{1, std::string(text)}};
  std::vector<Section> out;
  const auto blocks = markdown_blocks(text);
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto& first = blocks[i];
    if (first.kind != Block::Kind::heading || !is_same_heading(first.text, heading)) continue;
    std::size_t end = lines.size() + 1;
    for (std::size_t next = i + 1; next < blocks.size() && end > lines.size(); ++next)
      if (blocks[next].kind == Block::Kind::heading && blocks[next].depth <= first.depth) end = blocks[next].line;
    Section found{first.line, ""};
    for (std::size_t line = first.line; line < end; ++line) found.text += std::string(lines[line - 1]) + "\n";
    out.push_back(std::move(found));
  }
  return out;
}

std::string section_hash(std::string_view section) {
  std::string text;
  for (const auto line : lines_of(section)) {
    if (is_rule(trimmed(line))) continue;  // a line between this section and the next
    text += std::string(line.substr(0, line.find_last_not_of(blanks) + 1)) + "\n";
  }
  text.erase(text.find_last_not_of('\n') + 1);
  return sha256_hex(text.substr(std::min(text.find_first_not_of('\n'), text.size()))).substr(0, 12);
}

}  // namespace runbook::draft
