#include "draft/skeleton.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "base/text_width.h"
#include "draft/steps.h"
#include "draft/yaml_text.h"

namespace runbook::draft {
namespace {

// The same words in both languages, for the comments of the skeleton.
struct Words {
  std::string_view en, ko;
};
constexpr Words made_from{
    "A skeleton made from {}. Decide what is marked `# decide:`; a key that is commented out below such a mark is a proposal.",
    "{} 에서 만든 뼈대입니다. `# decide:` 를 정하십시오. 그 바로 아래에 주석으로 둔 키는 제안입니다."},
    name_owner{"who is responsible?", "담당자는 누구입니까?"}, name_contact{"whom does one call?", "긴급 연락처는 어디입니까?"},
    name_risk{"how dangerous is it? low, medium, high, critical", "얼마나 위험합니까? low, medium, high, critical"},
    name_expected{"how long does it take?", "얼마나 걸립니까?"}, name_condition{"when is it used?", "언제 씁니까?"},
    is_placeholder{"a placeholder in the plan", "문서에 빈칸으로 남아 있습니다"},
    which_scenario{"one scenario a file reads best: runbook new --from PLAN --section HEADING",
                   "한 파일에 한 시나리오가 읽기 좋습니다: runbook new --from PLAN --section HEADING"},
    way_back{
        "the plan's way back: a file of its own (runbook new --from PLAN --section HEADING), or undo: and rescue: of the steps "
        "it takes back?",
        "문서의 되돌리는 절차입니다. 별도의 파일로 둡니까 (runbook new --from PLAN --section HEADING), 되돌릴 단계의 undo: 나 "
        "rescue: 로 옮깁니까?"},
    ask_scenario{"Which scenario?", "어느 시나리오입니까?"},
    from_environment{"are these set where it runs? otherwise declare them under vars",
                     "실행하는 곳에 있는 값입니까? 아니면 vars 에 선언하십시오"},
    fixed_value{"always this value, or asked at the start (ask: instead of default:)?",
                "항상 이 값입니까, 시작할 때 묻습니까 (default: 대신 ask:)?"},
    what_is{"what is {}?", "{} 의 값은 무엇입니까?"},
    asked_value{"what is {}? it is asked at the start; a value that is always the same: default: instead of ask:",
                "{} 의 값은 무엇입니까? 시작할 때 묻습니다. 항상 같은 값이면 ask: 대신 default:"},
    what_changes{"what does it change? none, if it only reads", "무엇을 바꿉니까? 읽기만 하면 none"},
    seems_to_read{"it seems to read only", "읽기만 하는 것으로 보입니다"},
    must_read{"a check only reads: does this?", "검사는 읽기만 해야 합니다. 그렇습니까?"},
    what_answer{"what must the answer say?", "응답이 어때야 합니까?"},
    is_roots{"behind `# ` in the plan: a command of root (is sudo needed?), or a comment?",
             "문서에서 `# ` 뒤에 있습니다. root 의 명령입니까 (sudo 가 필요합니까), 주석입니까?"},
    by_hand{"a person does it; or is there a command (shell:)?", "사람이 합니까, 명령이 있습니까 (shell:)?"},
    can_be_checked{"a person judges it; or can it be checked (shell, sql, http with expect)?",
                   "사람이 판단합니까, 확인할 수 있습니까 (shell, sql, http 와 expect)?"},
    how_long_to_wait{"how long may people take, here and below?", "사람을 얼마나 기다립니까? (아래에서도)"},
    repeats{"does this list repeat the steps above? then delete it", "위의 단계를 되풀이하는 목록이면 지우십시오"},
    no_procedure{"the plan has no procedure", "문서에 절차가 없습니다"},
    no_criteria{"how is success told?", "성공을 무엇으로 압니까?"},
    became_variable{"became the variable {}", "변수 {} 가 되었습니다"},
    left_over{"these lines found no place; move what is needed, delete the rest",
              "아래 줄은 자리를 찾지 못했습니다. 필요한 것은 옮기고 나머지는 지우십시오"},
    if_needed{"Is it needed?", "필요합니까?"}, beginning{"the beginning", "시작"};

class Writer {
 public:
  Writer(const PlanDocument& document, Language language)
      : name_(comment_text(document.path.substr(document.path.rfind('/') + 1))),
        language_(language) {}

  template <class... A>
  std::string words(const Words& words, const A&... args) const {
    return fmt::format(fmt::runtime(language_ == Language::korean ? words.ko : words.en), args...);
  }
  void line(std::size_t indent, const std::string& text) {
    if (!text.empty()) out_ += std::string(indent, ' ') + text;
    out_ += '\n';
  }
  void blank() {
    if (!out_.ends_with("\n\n") && !out_.ends_with("steps:\n")) out_ += '\n';
  }
  void comment(std::size_t indent, const std::string& text) { line(indent, "# " + text); }
  void from(std::size_t indent, std::size_t at) {
    if (at > 0) comment(indent, name_ + ":" + std::to_string(at));
  }
  void note(std::size_t indent, const Said& said) {
    comment(indent, name_ + ":" + std::to_string(said.line) + "  " + comment_text(said.text));
  }
  // `proposal`: a key with its value, commented out.
  void decide(std::size_t indent, const Words& question, const std::string& proposal = "") {
    comment(indent, "decide: " + words(question));
    if (!proposal.empty()) comment(indent, proposal);
  }
  template <class... A>
  void ask(std::size_t indent, const Words& question, const A&... args) {
    comment(indent, "decide: " + words(question, args...));
  }
  std::string text() && { return std::move(out_); }
  const std::string& name() const { return name_; }

 private:
  std::string name_, out_;
  Language language_;
};

// Somebody left it to be filled in: "[contact]", "<name>", "TBD".
bool is_placeholder_text(std::string_view text) {
  if (text.empty()) return true;
  if ((text.front() == '[' && text.back() == ']') || (text.front() == '<' && text.back() == '>')) return true;
  return text == "TBD" || text == "TODO" || text == "..." || text == "미정";
}

// May stand where nothing is replaced.
bool is_literal(std::string_view text) { return text.find("${") == std::string_view::npos; }

std::string lower_name(std::string_view name) {
  std::string out;
  for (const char c : name) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out[0] == '_' ? "v" + out : out;
}

class Skeleton {
 public:
  Skeleton(const PlanDocument& document, Outline outline, Language language)
      : document_(document),
        outline_(std::move(outline)),
        out_(document, language) {}

  std::string text() && {
    prepare();
    head();
    variables();
    preconditions();
    steps();
    criteria();
    follow_ups();
    rest();
    return std::move(out_).text();
  }

 private:
  struct Prepared {
    const Scenario* scenario;
    std::string id;
    std::vector<DraftEntry> entries;
  };

  // Before anything is written: the head names what the steps need.
  void prepare() {
    Names outer;
    const bool one = outline_.scenarios.size() == 1;
    for (const auto& scenario : outline_.scenarios) {
      Prepared prepared{&scenario, outer.numbered("scenario"), {}};
      Names inner;
      for (const auto& action : scenario.actions) prepared.entries.push_back(maker_.entry(action, one ? outer : inner));
      scenarios_.push_back(std::move(prepared));
    }
    Names before, criteria;
    for (const auto& list : outline_.checklists) {
      if (list.when == Meaning::before) checks_.push_back(maker_.checks(list.code, before, "check"));
      else if (list.when == Meaning::criteria) checks_.push_back(maker_.checks(list.code, criteria, "check"));
      else checks_.emplace_back();
    }
    Names names;
    // The scripts read the variables of placeholders by these names.
    for (const bool is_open : {true, false})
      for (const auto& [name, assignment] : maker_.variables())
        if (maker_.placeholder_of(name).empty() != is_open) variable_names_[name] = names.take(lower_name(name));
    if (is_choice()) scenario_variable_ = names.take("scenario");
    before_ = before;
    criteria_ = criteria;
  }
  bool is_choice() const { return outline_.scenarios.size() > 1; }
  const Scenario* only() const { return outline_.scenarios.size() == 1 ? &outline_.scenarios.front() : nullptr; }

  // What its fields say is true of the whole plan: its ways back have none of their own to say there.
  const Scenario* main_one() const {
    const Scenario* found = only();
    if (found != nullptr) return found;
    for (const auto& one : outline_.scenarios) {
      if (one.is_way_back) continue;
      if (found != nullptr) return nullptr;
      found = &one;
    }
    return found;
  }

  const Said* field(Meaning meaning) const {
    if (const auto* scenario = main_one())
      if (const auto found = scenario->fields.find(meaning); found != scenario->fields.end()) return &found->second;
    const auto found = outline_.fields.find(meaning);
    return found == outline_.fields.end() ? nullptr : &found->second;
  }

  void head() {
    out_.comment(0, out_.words(made_from, out_.name()));
    out_.line(0, "runbook: 1");
    out_.line(0, "id: " + document_.id);
    const Said& title = only() != nullptr && !only()->title.text.empty() ? only()->title : outline_.title;
    if (!title.text.empty()) {
      out_.from(0, title.line);
      out_.line(0, "title: " + yaml_text(title.text));
    }
    description();
    if (!is_choice() || main_one() != nullptr) known_or_open(Meaning::condition, "use_when", name_condition, "use_when: ...");
    expected();
    known_or_open(Meaning::owner, "owner", name_owner, "owner: ...");
    if (field(Meaning::approver) != nullptr) known_or_open(Meaning::approver, "approver", name_owner, "");
    known_or_open(Meaning::contact, "contact", name_contact, "contact: ...");
    if (field(Meaning::impact) != nullptr) known_or_open(Meaning::impact, "impact", name_condition, "");
    const auto* risk = field(Meaning::risk);
    const auto risk_word = risk == nullptr ? std::string_view() : risk_in(risk->text);
    if (risk != nullptr) out_.note(0, *risk);
    if (risk_word.empty()) out_.decide(0, name_risk, "risk: medium");
    else out_.line(0, "risk: " + std::string(risk_word));
    source();
    if (outline_.references.empty()) return;
    out_.line(0, "references:");
    for (const auto& reference : outline_.references) {
      out_.from(2, reference.line);
      out_.line(2, "- " + yaml_code(reference.text));
    }
  }

  void description() {
    std::string text;
    for (const auto& said : outline_.description) text += (text.empty() ? "" : " ") + said.text;
    if (text.empty()) return;
    out_.from(0, outline_.description.front().line);
    out_.line(0, "description: " + yaml_text(text));
  }

  void known_or_open(Meaning meaning, const std::string& key, const Words& question, const std::string& proposal) {
    const auto* said = field(meaning);
    if (said == nullptr) return out_.decide(0, question, proposal);
    out_.from(0, said->line);
    if (is_placeholder_text(said->text)) out_.decide(0, is_placeholder);
    out_.line(0, key + ": " + yaml_text(said->text.empty() ? "..." : said->text));
  }

  void expected() {
    std::vector<const Said*> all;
    if (const auto* said = field(Meaning::expected)) all.push_back(said);
    else
      for (const auto& scenario : outline_.scenarios)
        if (const auto found = scenario.fields.find(Meaning::expected); found != scenario.fields.end())
          all.push_back(&found->second);
    std::optional<DurationRange> range;
    for (const auto* said : all) {
      out_.note(0, *said);
      const auto one = duration_in(said->text);
      if (one && range) range = DurationRange{std::min(range->low, one->low), std::max(range->high, one->high)};
      else if (one) range = one;
    }
    if (!range) return out_.decide(0, name_expected, "expected: 10m");
    const auto low = format_duration(range->low), high = format_duration(range->high);
    out_.line(0, "expected: " + (low == high ? low : low + ".." + high));
  }

  void source() {
    const auto* scenario = only();
    const bool is_section = scenario != nullptr && scenario->title.line != outline_.title.line && !scenario->title.text.empty() &&
                            is_literal(scenario->title.text) && sections(document_.text, scenario->title.text).size() == 1;
    if (!is_literal(document_.path)) return;
    out_.line(0, "source:");
    out_.line(2, "document: " + yaml_code(comment_text(document_.path)));
    if (is_section) out_.line(2, "section: " + yaml_code(scenario->title.text));
    const auto part = is_section ? sections(document_.text, scenario->title.text).front().text : std::string(document_.text);
    out_.line(2, "hash: " + yaml_code(section_hash(part)));
  }

  void variables() {
    const auto needed = maker_.environment();
    if (!needed.empty() || !maker_.commands().empty()) {
      out_.blank();
      if (!needed.empty()) out_.decide(0, from_environment);
      out_.line(0, "requires:");
      if (!needed.empty()) out_.line(2, "env: [" + listed(needed) + "]");
      if (!maker_.commands().empty()) out_.line(2, "commands: [" + listed(maker_.commands()) + "]");
    }
    if (variable_names_.empty() && !is_choice()) return;
    out_.blank();
    out_.line(0, "vars:");
    if (is_choice()) choice();
    std::string exported;
    for (const auto& [name, assignment] : maker_.variables()) {
      const auto& own = variable_names_.at(name);
      out_.from(2, assignment.line);
      out_.line(2, own + ":");
      out_.line(4, "type: string");
      if (!assignment.comment.text.empty()) out_.line(4, "help: " + yaml_text(assignment.comment.text));
      if (const auto placeholder = maker_.placeholder_of(name); !placeholder.empty()) {
        out_.ask(4, asked_value, placeholder);
        out_.line(4, "ask: " + yaml_text(placeholder + "?"));
      } else {
        out_.decide(4, fixed_value);
        out_.line(4, "default: " + yaml_code(assignment.value));
      }
      if (own != name) exported += "  " + name + ": \"${vars." + own + "}\"\n";
    }
    if (exported.empty()) return;
    out_.line(0, "env:");
    out_.line(0, exported.substr(0, exported.size() - 1));
  }
  void choice() {
    out_.decide(2, which_scenario);
    out_.line(2, scenario_variable_ + ":");
    out_.line(4, "type: enum");
    std::string question = out_.words(ask_scenario), choices;
    for (const auto& one : scenarios_) {
      question += " " + one.id + " = " + one.scenario->title.text + ";";
      choices += (choices.empty() ? "" : ", ") + one.id;
    }
    question.pop_back();
    out_.line(4, "ask: " + yaml_text(question));
    out_.line(4, "choices: [" + choices + "]");
  }
  static std::string listed(const std::set<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : ", ") + yaml_code(one);
    return out;
  }

  void preconditions() {
    bool has_any = false;
    for (std::size_t i = 0; i < outline_.checklists.size(); ++i) {
      const auto& list = outline_.checklists[i];
      if (list.when != Meaning::before || (checks_[i].empty() && list.boxes.empty())) continue;
      if (!has_any) {
        out_.blank();
        out_.line(0, "preconditions:");
      }
      has_any = true;
      for (const auto& check : checks_[i]) check_step(check);
      if (!list.boxes.empty()) questions(list, before_.numbered("before"));
    }
  }
  // The boxes of a list, answered on one screen.
  void questions(const Checklist& list, const std::string& id) {
    out_.from(2, list.title.line);
    out_.line(2, "- id: " + id);
    const auto title = list.title.text.empty() ? id : list.title.text;
    out_.line(4, "title: " + yaml_text(title));
    out_.line(4, "manual:");
    out_.line(6, "ask: " + yaml_text(title));
    out_.line(6, "items:");
    for (const auto& box : list.boxes) {
      out_.from(8, box.text.line);
      const auto text = box.text.text.empty() ? "..." : box.text.text;
      if (!box.is_optional) {
        out_.line(8, "- " + yaml_text(text));
        continue;
      }
      out_.line(8, "- text: " + yaml_text(text));
      out_.line(8, "  optional: true");
    }
    wait_for_people(4);
  }
  void wait_for_people(std::size_t indent) {
    if (!std::exchange(has_asked_to_wait_, true)) out_.decide(indent, how_long_to_wait);
    out_.line(indent, "timeout: 30m");
  }
  void check_step(const DraftStep& check) {
    out_.from(2, check.title.line);
    out_.line(2, "- id: " + check.id);
    if (!check.title.text.empty()) out_.line(4, "title: " + yaml_text(check.title.text));
    for (const auto& note : check.notes) out_.note(4, note);
    if (!check.only_reads && check.kind == DraftStep::Kind::shell) out_.decide(4, must_read);
    action(4, check);
  }

  void steps() {
    out_.blank();
    out_.line(0, "steps:");
    bool has_any = false;
    for (const auto& one : scenarios_) {
      if (one.entries.empty()) continue;
      has_any = has_any || is_choice() || has_steps(one);
      if (is_choice()) group(one);
      else
        for (const auto& entry : one.entries) write(2, entry);
    }
    for (const auto& list : outline_.checklists) {
      if (list.when != Meaning::during || list.boxes.empty()) continue;
      has_any = true;
      out_.decide(2, repeats);
      questions(list, during_.numbered("during"));
    }
    if (has_any) return;
    out_.decide(2, no_procedure);
    out_.line(2, "- id: step_1");
    out_.line(4, "manual: " + yaml_text(outline_.title.text.empty() ? out_.words(beginning) : outline_.title.text));
    wait_for_people(4);
  }
  // Everything may have become variables.
  static bool has_steps(const Prepared& one) {
    return std::any_of(one.entries.begin(), one.entries.end(), [](const DraftEntry& entry) { return !entry.steps.empty(); });
  }
  void group(const Prepared& one) {
    out_.blank();
    out_.from(2, one.scenario->title.line);
    for (const auto& [meaning, said] : one.scenario->fields) out_.note(2, said);
    if (one.scenario->is_way_back) out_.decide(2, way_back);
    out_.line(2, "- id: " + one.id);
    if (!one.scenario->title.text.empty()) out_.line(4, "title: " + yaml_text(one.scenario->title.text));
    out_.line(4, "when: vars." + scenario_variable_ + " == \"" + one.id + "\"");
    out_.line(4, "steps:");
    for (const auto& entry : one.entries) write(6, entry);
    if (has_steps(one)) return;
    out_.decide(6, no_procedure);
    out_.line(6, "- id: step_1");
    out_.line(8, "manual: " + yaml_text(one.scenario->title.text.empty() ? one.id : one.scenario->title.text));
    wait_for_people(8);
  }

  void write(std::size_t indent, const DraftEntry& entry) {
    for (const auto& assignment : entry.assignments)
      out_.note(indent, {assignment.name + ": " + out_.words(became_variable, "vars." + variable_names_.at(assignment.name)),
                         assignment.line});
    if (entry.steps.empty()) {
      if (!entry.title.text.empty()) out_.note(indent, entry.title);
      for (const auto& note : entry.notes) out_.note(indent, note);
      return;
    }
    out_.from(indent, entry.title.line);
    out_.line(indent, "- id: " + entry.id);
    if (!entry.title.text.empty()) out_.line(indent + 2, "title: " + yaml_text(entry.title.text));
    if (entry.is_optional)
      out_.line(indent + 2,
                "optional: " + yaml_text(entry.title.text + (entry.title.text.empty() ? "" : ": ") + out_.words(if_needed)));
    for (const auto& note : entry.notes) out_.note(indent + 2, note);
    if (entry.steps.size() == 1) return body(indent + 2, entry.steps.front());
    out_.line(indent + 2, "steps:");
    for (const auto& step : entry.steps) {
      out_.from(indent + 4, step.title.line);
      out_.line(indent + 4, "- id: " + step.id);
      if (!step.title.text.empty()) out_.line(indent + 6, "title: " + yaml_text(step.title.text));
      body(indent + 6, step);
    }
  }
  void body(std::size_t indent, const DraftStep& step) {
    for (const auto& note : step.notes) out_.note(indent, note);
    if (step.kind == DraftStep::Kind::manual) {
      out_.decide(indent, by_hand);
      out_.line(indent, "manual: " + yaml_text(step.title.text.empty() ? step.id : step.title.text));
      return wait_for_people(indent);
    }
    action(indent, step);
    if (step.kind == DraftStep::Kind::http_get) return;
    if (step.only_reads) {
      out_.decide(indent, seems_to_read);
      out_.line(indent, "changes: none");
    } else {
      out_.decide(indent, what_changes, "changes: " + yaml_text(sentence_for(step)));
    }
  }
  // One word may be one that says nothing ("no", "-"): the language refuses those.
  static std::string sentence_for(const DraftStep& step) {
    const auto& title = step.title.text;
    if (title.find(' ') != std::string::npos) return title;
    return (title.empty() ? "" : title + " ") + "(" + step.id + ")";
  }
  void action(std::size_t indent, const DraftStep& step) {
    if (step.is_roots) out_.decide(indent, is_roots);
    for (const auto& one : step.placeholders) {
      if (one.variable.empty()) out_.ask(indent, what_is, one.text);
      else
        out_.note(indent, {one.text + ": " + out_.words(became_variable, "vars." + variable_names_.at(one.variable)), one.line});
    }
    if (step.kind == DraftStep::Kind::http_get) {
      out_.line(indent, "http:");
      out_.line(indent + 2, "get: " + yaml_text(step.code));
      out_.decide(indent, what_answer, step.expect.empty() ? "" : "expect: " + yaml_code(step.expect));
      return;
    }
    for (const auto& line : yaml_code_lines("shell", step.code)) out_.line(indent, line);
  }

  void criteria() {
    out_.blank();
    bool has_any = false;
    for (std::size_t i = 0; i < outline_.checklists.size(); ++i) {
      const auto& list = outline_.checklists[i];
      if (list.when != Meaning::criteria || (checks_[i].empty() && list.boxes.empty())) continue;
      if (!has_any) out_.line(0, "success:");
      has_any = true;
      for (const auto& check : checks_[i]) check_step(check);
      for (const auto& box : list.boxes) {
        const auto text = box.text.text.empty() ? "..." : box.text.text;
        out_.from(2, box.text.line);
        out_.line(2, "- id: " + criteria_.numbered("criterion"));
        out_.line(4, "title: " + yaml_text(text));
        out_.decide(4, can_be_checked);
        out_.line(4, "manual: " + yaml_text(text));
        wait_for_people(4);
      }
    }
    if (!has_any) out_.decide(0, no_criteria);
  }

  void follow_ups() {
    bool has_any = false;
    for (const auto& list : outline_.checklists) {
      if (list.when != Meaning::after || list.boxes.empty()) continue;
      if (!has_any) {
        out_.blank();
        out_.line(0, "after:");
      }
      has_any = true;
      out_.from(2, list.title.line);
      out_.line(2, "- title: " + yaml_text(list.title.text.empty() ? "..." : list.title.text));
      out_.line(4, "items:");
      for (const auto& box : list.boxes) {
        out_.from(6, box.text.line);
        out_.line(6, "- " + yaml_text(box.text.text.empty() ? "..." : box.text.text));
      }
    }
  }

  void rest() {
    std::vector<Said> all = outline_.left_over;
    all.insert(all.end(), maker_.left_over().begin(), maker_.left_over().end());
    for (const auto& list : outline_.checklists) {
      const bool becomes_checks = list.when == Meaning::before || list.when == Meaning::criteria;
      for (const auto& code : list.code)
        if (!becomes_checks || !is_run(code)) {
          all.push_back({code.text.substr(0, code.text.find('\n')), code.line});
          all.insert(all.end(), code.printed.begin(), code.printed.end());
        }
    }
    if (all.empty()) return;
    std::stable_sort(all.begin(), all.end(), [](const Said& a, const Said& b) { return a.line < b.line; });
    out_.blank();
    out_.decide(0, left_over);
    for (const auto& said : all) out_.note(0, said);
  }

  const PlanDocument& document_;
  Outline outline_;
  Writer out_;
  StepMaker maker_;
  std::vector<Prepared> scenarios_;
  std::map<std::string, std::string> variable_names_;
  std::string scenario_variable_;
  std::vector<std::vector<DraftStep>> checks_;  // of each checklist's code
  Names before_, criteria_, during_;
  bool has_asked_to_wait_ = false;  // one answer serves all
};

// What no runbook may hold anywhere, taken out: control characters, what is not UTF-8, what the eye cannot see.
std::string cleaned(std::string_view text) {
  std::string lines;
  for (const char c : text)
    if (c != '\r') lines += c;
  lines = printable_lines(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto rest = std::string_view(lines).substr(i);
    if (rest.starts_with("\xE2\x80\x8B")) i += 2;
    else if (rest.starts_with("\xF3\xA0\x80") || rest.starts_with("\xF3\xA0\x81")) i += 3;
    else out += lines[i];
  }
  return out;
}

}  // namespace

Result<std::string, Phrase> skeleton(const PlanDocument& document, Language language) {
  Outline outline = outline_of(cleaned(document.text));
  const auto names_nothing = [](const Said& reference) { return !is_literal(reference.text); };
  std::copy_if(outline.references.begin(), outline.references.end(), std::back_inserter(outline.left_over), names_nothing);
  std::erase_if(outline.references, names_nothing);
  if (!document.section.empty()) {
    std::string known;
    std::vector<Scenario> wanted;
    for (const auto& scenario : outline.scenarios) {
      known += "\n  " + scenario.title.text;
      if (scenario.title.text.find(document.section) != std::string::npos) wanted.push_back(scenario);
    }
    if (wanted.size() != 1)
      return failure(phrase("`{}` names {} scenarios of this plan; there are:{}",
                            "`{}` 에 맞는 시나리오가 {} 개입니다. 문서의 시나리오:{}", document.section, wanted.size(), known));
    outline.scenarios = std::move(wanted);
  }
  return Skeleton(document, std::move(outline), language).text();
}

}  // namespace runbook::draft
