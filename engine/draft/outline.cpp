#include "draft/outline.h"

#include <algorithm>
#include <cctype>

#include "draft/lines.h"
#include "draft/terminal_session.h"

namespace runbook::draft {
namespace {

using Kind = Block::Kind;

// A heading with what stands below it, up to the next one.
struct Part {
  Said heading;
  std::size_t depth = 0;
  std::vector<Block> blocks;
  std::vector<Part> parts;
};

// Without its picture; brackets at the beginning belong to the words.
std::string heading_words(const std::string& text) {
  const bool is_picture = !text.empty() && static_cast<unsigned char>(text[0]) >= 0x80 && !undecorated(text).empty();
  return is_picture ? std::string(undecorated(text)) : text;
}

void build(const std::vector<Block>& blocks, std::size_t& at, Part& part) {
  while (at < blocks.size()) {
    const Block& block = blocks[at];
    if (block.kind != Kind::heading) {
      part.blocks.push_back(block);
      ++at;
      continue;
    }
    if (block.depth <= part.depth) return;
    Part below;
    below.heading = {heading_words(block.text), block.line};
    below.depth = block.depth;
    build(blocks, ++at, below);
    part.parts.push_back(std::move(below));
  }
}

// "Expected output:" and what stands below it: no code, and the label is a sentence, whichever mark it has.
void tell_outputs(std::vector<Block>& blocks) {
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    auto& label = blocks[i - 1];
    auto& block = blocks[i];
    if (block.kind != Kind::code || label.is_box || label.kind == Kind::code || label.kind == Kind::row) continue;
    std::string_view words = label.text;
    if (words.ends_with(':')) words.remove_suffix(1);
    if (!is_output_label(words)) continue;
    const bool may_be_printed = block.language.empty() || is_of_terminals(block.language) || !is_run(block);
    if (!may_be_printed || read_session(block.text, block.language, block.line)) continue;
    block.kind = Kind::output;
    label.kind = Kind::sentence;
  }
}

struct Labelled {
  Meaning meaning = Meaning::nothing;
  Said value;
};
// "Owner: DevOps"; the value may be empty, as of "Procedure:".
Labelled labelled(const Block& block) {
  if (block.kind == Kind::row && block.cells.size() == 2) return {meaning_of_label(block.cells[0]), {block.cells[1], block.line}};
  if ((block.kind != Kind::sentence && block.kind != Kind::item) || block.is_box) return {};
  const auto colon = block.text.find(':');
  const bool ends_label = colon != std::string::npos && (colon + 1 == block.text.size() || block.text[colon + 1] == ' ');
  if (!ends_label) return {};
  const auto begin = std::min(block.text.find_first_not_of(' ', colon + 1), block.text.size());
  return {meaning_of_label(std::string_view(block.text).substr(0, colon)), {block.text.substr(begin), block.line}};
}

bool is_numbered(std::string_view heading) {
  for (const std::string_view word : {"Step ", "step ", "STEP ", "단계 "})
    if (heading.starts_with(word)) heading.remove_prefix(word.size());
  std::size_t digits = 0;
  while (digits < heading.size() && std::isdigit(static_cast<unsigned char>(heading[digits])) != 0) ++digits;
  return digits > 0 && (digits == heading.size() || std::string_view(".):단 ").find(heading[digits]) != std::string_view::npos);
}
// "1.", "2)", "2.1 ", "2.1.3. "; four numbers are an address, and of longer ones a date is made.
std::string without_number(std::string text) {
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  std::size_t end = 0, numbers = 0, longest = 0;
  for (bool goes_on = is_digit(0); goes_on; ++numbers) {
    const auto begin = numbers == 0 ? 0 : end + 1;
    for (end = begin; is_digit(end);) ++end;
    longest = std::max(longest, end - begin);
    goes_on = end < text.size() && text[end] == '.' && is_digit(end + 1);
  }
  if (numbers == 0 || end == text.size()) return text;
  const bool is_marked = text[end] == '.' || text[end] == ')';
  const bool is_dotted = numbers > 1 && numbers < 4 && longest < 3 && (is_marked || text[end] == ' ');
  if (!is_dotted && (numbers > 1 || !is_marked)) return text;
  return text.substr(std::min(text.find_first_not_of(' ', end + (is_marked ? 1 : 0)), text.size()));
}

bool has_code(const Part& part) {
  for (const auto& block : part.blocks)
    if (block.kind == Kind::code) return true;
  return std::any_of(part.parts.begin(), part.parts.end(), has_code);
}

bool is_list(Meaning meaning) {
  return meaning == Meaning::before || meaning == Meaning::during || meaning == Meaning::after || meaning == Meaning::criteria;
}
bool is_field(Meaning meaning) { return meaning >= Meaning::condition; }

class Sorter {
 public:
  explicit Sorter(Outline& out) : out_(out) {}

  void whole(const Part& root) {
    const bool has_title = root.blocks.empty() && root.parts.size() == 1;
    const Part& document = has_title ? root.parts.front() : root;
    out_.title = document.heading;
    is_within_way_back_ = is_plan_of_way_back(out_.title.text);
    generic(document);
    const auto goes_forward = [](const Scenario& one) { return !one.actions.empty(); };
    const bool has_procedure = std::any_of(out_.scenarios.begin(), out_.scenarios.end(), goes_forward);
    if (!has_procedure && !ways_back_.empty()) {
      for (auto& one : out_.scenarios) out_.fields.merge(one.fields);
      out_.scenarios.clear();
    }
    for (auto& one : ways_back_) {
      one.is_way_back = has_procedure;
      out_.scenarios.push_back(std::move(one));
    }
  }

 private:
  // A section that no heading has given a meaning yet.
  void generic(const Part& part) {
    if (is_scenario(part)) return scenario(part);
    for (const auto& block : part.blocks) {
      if (block.kind == Kind::code) continue;
      if (!document_field(block)) sentence(part, block);
    }
    for (const auto& below : part.parts) section(below);
  }
  void sentence(const Part& part, const Block& block) {
    if (block.kind == Kind::sentence && part.depth <= 1) out_.description.push_back({block.text, block.line});
    else if (block.is_box) loose_box(part, block);
    else leave(block);
  }
  void loose_box(const Part& part, const Block& block) {
    if (out_.checklists.empty() || out_.checklists.back().title.line != part.heading.line)
      out_.checklists.push_back({is_behind_steps(part) ? Meaning::during : Meaning::before, part.heading, {}, {}});
    box(out_.checklists.back(), block);
  }

  bool is_behind_steps(const Part& part) const {
    return std::any_of(out_.scenarios.begin(), out_.scenarios.end(), [&](const Scenario& one) {
      return !one.actions.empty() && one.actions.front().title.line < part.heading.line;
    });
  }

  void section(const Part& part) {
    Meaning meaning = meaning_of_heading(part.heading.text);
    // Of what is called just "확인사항" its place tells.
    if (meaning == Meaning::before && is_behind_steps(part) && without_number(part.heading.text).starts_with("확인"))
      meaning = Meaning::criteria;
    const bool may_be_way_back = meaning == Meaning::nothing || meaning == Meaning::procedure;
    if (may_be_way_back && is_way_back(part.heading.text) && holds_steps(part)) return way_back(part);
    if (is_list(meaning)) return checklist(part, meaning);
    if (meaning == Meaning::checklist) return checklists(part);
    if (meaning == Meaning::references) return references(part);
    if (is_field(meaning)) return field_section(part, meaning, out_.fields);
    if (meaning == Meaning::procedure) {
      out_.scenarios.push_back({out_.title, {}, {}});
      return procedure(part, out_.scenarios.back());
    }
    generic(part);
  }

  static bool is_scenario(const Part& part) {
    bool has_steps = false;
    for (const auto& block : part.blocks) {
      const auto meaning = labelled(block).meaning;
      has_steps = has_steps || block.kind == Kind::code || meaning == Meaning::procedure || meaning == Meaning::condition;
    }
    for (const auto& below : part.parts) {
      const auto meaning = meaning_of_heading(below.heading.text);
      has_steps = has_steps || meaning == Meaning::procedure ||
                  (meaning == Meaning::nothing && is_numbered(below.heading.text) && has_code(below));
    }
    return has_steps;
  }

  // What a part holds becomes steps: there is code or an item.
  static bool holds_steps(const Part& part) {
    const auto is_step = [](const Block& block) { return block.kind == Kind::code || block.kind == Kind::item; };
    return std::any_of(part.blocks.begin(), part.blocks.end(), is_step) ||
           std::any_of(part.parts.begin(), part.parts.end(), holds_steps);
  }

  void scenario(const Part& part) {
    Scenario scenario{part.heading, {}, {}};
    const auto names_procedure = [this](const Part& below) {
      return meaning_of_heading(below.heading.text) == Meaning::procedure && !is_way_back(below.heading.text);
    };
    const bool is_document = part.depth <= 1;
    const bool has_procedure = std::any_of(part.parts.begin(), part.parts.end(), names_procedure);
    take(part.blocks, scenario, is_document);
    std::vector<const Part*> others;
    const auto is_step = [this](const Part& one) {
      return meaning_of_heading(one.heading.text) == Meaning::nothing && is_numbered(one.heading.text) &&
             !is_way_back(one.heading.text) && has_code(one);
    };
    const auto last_step = std::find_if(part.parts.rbegin(), part.parts.rend(), is_step);
    const auto last_line = last_step == part.parts.rend() ? 0 : last_step->heading.line;
    for (const auto& below : part.parts) {
      const auto meaning = meaning_of_heading(below.heading.text);
      const bool may_be_way_back = meaning == Meaning::nothing || meaning == Meaning::procedure;
      // Between two steps it is one of them.
      const bool is_between = !has_procedure && is_numbered(below.heading.text) && below.heading.line < last_line;
      if (may_be_way_back && is_way_back(below.heading.text)) way_back(below);
      else if (meaning == Meaning::procedure) procedure(below, scenario);
      else if (is_field(meaning)) field_section(below, meaning, scenario.fields);
      else if (meaning == Meaning::nothing && !has_procedure && (!is_document || is_numbered(below.heading.text)))
        step(below, scenario);
      else if (meaning == Meaning::criteria && (!is_document || is_between)) step(below, scenario);
      else others.push_back(&below);
    }
    out_.scenarios.push_back(std::move(scenario));
    for (const auto* below : others) section(*below);
  }
  void procedure(const Part& part, Scenario& scenario) {
    take(part.blocks, scenario, false);
    for (const auto& below : part.parts) step(below, scenario);
  }
  // A heading within a procedure.
  void step(const Part& part, Scenario& scenario) {
    if (is_way_back(part.heading.text)) return way_back(part);
    auto title = part.heading.text;
    // "2. Deploy" above "2.1" and "2.2" is no step of its own: the first of them names it.
    const bool only_holds = part.blocks.empty() && !part.parts.empty() && !take_optional_mark(title);
    const auto first = scenario.actions.size();
    if (!only_holds) action(part, scenario);
    for (const auto& below : part.parts) step(below, scenario);
    if (!only_holds) return;
    auto& notes = first < scenario.actions.size() ? scenario.actions[first].notes : out_.left_over;
    notes.insert(first < scenario.actions.size() ? notes.begin() : notes.end(), part.heading);
  }
  void action(const Part& part, Scenario& scenario) {
    Action action;
    action.title = {without_number(part.heading.text), part.heading.line};
    action.is_optional = take_optional_mark(action.title.text);
    Part back;  // begun by a label
    for (const auto& block : part.blocks) {
      if (names_way_back(block)) begin_way_back(back, block);
      else if (back.heading.line > 0) back.blocks.push_back(block);
      else if (block.kind == Kind::code) action.code.push_back({block, {}});
      else if (block.kind == Kind::output) printed(block, action.code, action.notes);
      else if (!scenario_field(block, scenario)) action.notes.push_back(said(block));
    }
    scenario.actions.push_back(std::move(action));
    end_way_back(back);
  }
  // "롤백 방법:" above code, or an item of a procedure.
  bool names_way_back(const Block& block) const {
    const bool is_label = block.kind == Kind::sentence && block.text.ends_with(':');
    const bool is_entry = block.kind == Kind::item && block.depth == 0 && !block.is_box;
    return (is_label || is_entry) && is_way_back(block.text);
  }
  void begin_way_back(Part& back, const Block& block) {
    end_way_back(back);
    back.heading = {block.text, block.line};
    if (back.heading.text.ends_with(':')) back.heading.text.pop_back();
  }
  void end_way_back(Part& back) {
    if (back.heading.line > 0) way_back(back);
    back = {};
  }
  // What stands below a scenario's own heading: labels, numbered items with their code, code alone.
  void take(const std::vector<Block>& blocks, Scenario& scenario, bool is_document) {
    bool is_open = false;  // the last action still takes what follows
    Part back;             // up to the next entry
    for (const auto& block : blocks) {
      if (names_way_back(block)) {
        begin_way_back(back, block);
        continue;
      }
      const bool is_entry = block.kind == Kind::item && block.depth == 0;
      if (back.heading.line > 0 && !is_entry && labelled(block).meaning == Meaning::nothing) {
        back.blocks.push_back(block);
        continue;
      }
      end_way_back(back);
      if (block.kind == Kind::code) {
        if (!is_open) scenario.actions.push_back({{"", block.line}, false, {}, {}});
        scenario.actions.back().code.push_back({block, {}});
        is_open = true;
      } else if (block.kind == Kind::output && is_open) {
        printed(block, scenario.actions.back().code, scenario.actions.back().notes);
      } else if (scenario_field(block, scenario)) {
        is_open = false;
      } else if (block.kind == Kind::item && block.depth == 0) {
        Action action;
        action.title = {without_number(block.text), block.line};
        action.is_optional = take_optional_mark(action.title.text);
        if (block.quotes.size() == 1 && is_command(block.quotes[0])) {
          Code code;
          code.kind = Kind::code;
          code.line = block.line;
          code.text = block.quotes[0] + "\n";
          action.code.push_back(std::move(code));
        }
        scenario.actions.push_back(std::move(action));
        is_open = true;
      } else if (is_document && scenario.actions.empty() && block.kind == Kind::sentence) {
        out_.description.push_back(said(block));
      } else if (is_open) {
        scenario.actions.back().notes.push_back(said(block));
      } else {
        leave(block);
      }
    }
    end_way_back(back);
  }
  static bool is_command(std::string_view text) { return text.find(' ') != std::string_view::npos || text.starts_with("./"); }

  bool scenario_field(const Block& block, Scenario& scenario) {
    const auto found = labelled(block);
    if (found.meaning == Meaning::nothing) return false;
    if (found.value.text.empty()) return found.meaning == Meaning::procedure;
    if (found.meaning == Meaning::procedure) return false;
    return keep(scenario.fields, found.meaning, found.value);
  }
  bool document_field(const Block& block) {
    const auto found = labelled(block);
    return is_field(found.meaning) && !found.value.text.empty() && keep(out_.fields, found.meaning, found.value);
  }
  bool keep(std::map<Meaning, Said>& fields, Meaning meaning, const Said& value) { return fields.emplace(meaning, value).second; }
  void field_section(const Part& part, Meaning meaning, std::map<Meaning, Said>& fields) {
    for (const auto& block : part.blocks) {
      const auto found = labelled(block);
      const auto own = found.meaning == Meaning::nothing || found.value.text.empty() ? meaning : found.meaning;
      const auto value = own == meaning ? said(block) : found.value;
      if (const auto [at, is_new] = fields.emplace(own, value); !is_new) {
        if (own == meaning && block.kind != Kind::code && block.kind != Kind::output) at->second.text += " " + value.text;
        else leave(block);
      }
    }
    for (const auto& below : part.parts) section(below);
  }

  void checklists(const Part& part) {
    checklist_of(part, Meaning::during);
    for (const auto& below : part.parts) {
      const auto meaning = meaning_of_part(below.heading.text);
      checklist(below, meaning == Meaning::nothing ? Meaning::during : meaning);
    }
  }
  void checklist(const Part& part, Meaning when) {
    checklist_of(part, when);
    for (const auto& below : part.parts) checklist(below, when);
  }
  void checklist_of(const Part& part, Meaning when) {
    Checklist list{when, {without_number(part.heading.text), part.heading.line}, {}, {}};
    const bool has_boxes = std::any_of(part.blocks.begin(), part.blocks.end(), [](const Block& b) { return b.is_box; });
    for (std::size_t i = 0; i < part.blocks.size(); ++i) {
      const auto& block = part.blocks[i];
      if (block.kind == Kind::code) {
        list.code.push_back({block, {}});
      } else if (block.kind == Kind::output) {
        printed(block, list.code, out_.left_over);
      } else if (block.kind != Kind::item || (has_boxes && !block.is_box)) {
        if (!document_field(block)) leave(block);
      } else if (!block.is_box && i + 1 < part.blocks.size() && part.blocks[i + 1].kind == Kind::item &&
                 part.blocks[i + 1].depth > block.depth) {
        if (!list.boxes.empty()) out_.checklists.push_back(list);
        list = {when, {block.text, block.line}, {}, std::move(list.code)};
      } else {
        box(list, block);
      }
    }
    if (!list.boxes.empty() || !list.code.empty()) out_.checklists.push_back(std::move(list));
  }
  static void box(Checklist& list, const Block& block) {
    Box box{{block.text, block.line}, false};
    box.is_optional = take_optional_mark(box.text.text);
    list.boxes.push_back(std::move(box));
  }

  void references(const Part& part) {
    for (const auto& block : part.blocks) {
      if (block.kind == Kind::item && !block.text.empty())
        out_.references.push_back({block.quotes.empty() ? block.text : block.quotes[0], block.line});
      else if (!document_field(block)) leave(block);
    }
    for (const auto& below : part.parts) section(below);
  }

  static Said said(const Block& block) {
    std::string text = block.text;
    for (const auto& cell : block.cells) text += (text.empty() ? "" : " | ") + cell;
    return {text.substr(0, text.find('\n')), block.line};
  }
  void leave(const Block& block) {
    if (block.kind == Kind::output) return lines(block, out_.left_over);
    out_.left_over.push_back(said(block));
  }
  static void lines(const Block& output, std::vector<Said>& out) {
    auto line = output.line;
    for (const auto text : lines_of(output.text)) {
      if (!trimmed(text).empty()) out.push_back({std::string(text), line});
      ++line;
    }
  }
  // Of the code above; `notes`: there is none.
  static void printed(const Block& output, std::vector<Code>& code, std::vector<Said>& notes) {
    lines(output, code.empty() ? notes : code.back().printed);
  }

  bool is_way_back(const std::string& heading) const {
    return !is_within_way_back_ && draft::is_way_back(without_number(heading));
  }
  // A scenario for itself: nobody wants it behind the steps that it takes back.
  void way_back(const Part& part) {
    is_within_way_back_ = true;
    Scenario scenario{part.heading, {}, {}};
    const auto is_entry = [](const Block& block) { return block.kind == Kind::item && block.depth == 0 && !block.is_box; };
    const bool has_entries = std::any_of(part.blocks.begin(), part.blocks.end(), is_entry);
    if (has_entries) take(part.blocks, scenario, false);
    else if (!part.blocks.empty()) action(part, scenario);
    for (const auto& below : part.parts) {
      const auto meaning = meaning_of_heading(below.heading.text);
      if (meaning == Meaning::procedure) procedure(below, scenario);
      else if (is_field(meaning)) field_section(below, meaning, scenario.fields);
      else step(below, scenario);
    }
    is_within_way_back_ = false;
    if (scenario.actions.empty()) out_.left_over.push_back(part.heading);
    else ways_back_.push_back(std::move(scenario));
  }

  Outline& out_;
  bool is_within_way_back_ = false;
  std::vector<Scenario> ways_back_;  // behind all others
};

}  // namespace

bool is_run(const Block& code) {
  for (const std::string_view name : {"", "bash", "sh", "shell", "zsh", "sql"})
    if (code.language == name) return true;
  return is_of_terminals(code.language);
}

Outline outline_of(std::string_view markdown) {
  auto blocks = markdown_blocks(markdown);
  tell_outputs(blocks);
  Part root;
  std::size_t at = 0;
  build(blocks, at, root);
  Outline out;
  Sorter(out).whole(root);
  return out;
}

}  // namespace runbook::draft
