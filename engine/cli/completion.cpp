#include "cli/completion.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/explanations.h"
#include "view/key_reference.h"

namespace runbook {
namespace {

namespace fs = std::filesystem;

// The command line so far.
struct Typed {
  const CommandWords* command = nullptr;
  const CommandWords::Flag* pending = nullptr;  // its value is being typed
  std::vector<std::string> places;              // what was given without a flag: FILE, RUN, STEP
  std::string current, state_directory;
};

Typed typed(const std::vector<std::string>& words, const std::vector<CommandWords>& commands) {
  Typed out;
  out.current = words.empty() ? "" : words.back();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& word = words[i];
    if (out.pending != nullptr) {
      if (out.pending->name == "--state-dir") out.state_directory = word;
      out.pending = nullptr;
    } else if (word.starts_with('-')) {
      if (out.command == nullptr) continue;
      for (const auto& flag : out.command->flags)
        if (flag.name == word && flag.takes_value) out.pending = &flag;
    } else if (out.command == nullptr) {
      for (const auto& command : commands)
        if (command.name == word) out.command = &command;
      if (out.command == nullptr) return out;
    } else {
      out.places.push_back(word);
    }
  }
  return out;
}

bool is_yaml(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

// By its first lines: a folder may hold other YAML.
bool is_runbook(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  for (int i = 0; i < 20 && std::getline(in, line); ++i)
    if (line.starts_with("runbook:")) return true;
  return false;
}

class Completer {
 public:
  Completer(const Typed& so_far, Context context) : so_far_(so_far), context_(std::move(context)) {}

  // Of a flag or a place by its name.
  std::vector<Candidate> values_of(std::string_view name) {
    struct Row {
      std::string_view name;
      void (Completer::*find)();
    };
    static constexpr Row table[] = {
        {"FILE", &Completer::runbooks},
        {"RUN", &Completer::runs},
        {"STEP", &Completer::steps},
        {"--var", &Completer::variables},
        {"--keys", &Completer::keys},
        {"--explain", &Completer::codes},
        {"--with", &Completer::optional_steps},
        {"--without", &Completer::optional_steps},
        {"--confirm", &Completer::confirmed_steps},
        {"--answer", &Completer::asking_steps},
    };
    for (const auto& row : table)
      if (row.name == name) (this->*row.find)();
    return std::move(found_);
  }

 private:
  void add(std::string word, std::string help) { found_.push_back({std::move(word), std::move(help)}); }

  void runbooks() {
    const fs::path typed(so_far_.current);
    const fs::path folder = typed.parent_path();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored))
      if (is_yaml(entry.path()) && is_runbook(entry.path()))
        if (const auto book = read((folder / entry.path().filename()).string()); !book || !book->is_part)
          add((folder / entry.path().filename()).string(), book ? book->title.text.text() : "");
  }

  void runs() {
    const auto store = open_sqlite_store(context_.state_directory, Access::read);
    if (!store) return;
    const auto rows = (*store)->runs();
    if (!rows || rows->empty()) return;
    for (const auto& row : *rows) add(row.id.text(), row.title);
    add("@last", rows->front().id.text());
  }

  void keys() {
    for (auto& name : reference_names(all_kinds())) add(std::move(name), "");
  }

  void codes() {
    for (const auto* one : all_explanations())
      add(std::string(one->code), std::string(context_.style.language == Language::korean ? one->ko : one->en));
  }

  void variables() {
    const auto book = file();
    if (!book) return;
    for (const auto& [name, variable] : book->units[0].variables) add(name + "=", variable.help.text.text());
  }

  void steps() {
    const auto run = stored();
    if (!run) return;
    const State state = fold(*run);
    for (const auto& step : state.plan().steps)
      if (!step.is_pattern) add(step.path, step.step.title.text.text());
  }
  void optional_steps() {
    each_step([](const Step& step) { return step.optional_question.has_value(); }, "");
  }
  void confirmed_steps() {
    each_step([](const Step& step) { return step.confirm.has_value(); }, "=");
  }
  void asking_steps() {
    each_step([](const Step& step) { return step.action.kind != nullptr && step.action.kind->asks_people; }, "=");
  }

  // Of the file, or of the run that goes on.
  void each_step(bool (*wanted)(const Step&), const char* end) {
    if (names("RUN")) {
      const auto run = stored();
      if (!run) return;
      const State state = fold(*run);
      for (const auto& step : state.plan().steps)
        if (wanted(step.step)) add(step.path + end, step.step.title.text.text());
    } else if (auto book = file()) {
      const auto planning = make_plan(std::move(*book), {});
      if (!planning.plan) return;
      for (const auto& step : planning.plan->steps)
        if (wanted(step.step)) add(step.path + end, step.step.title.text.text());
    }
  }

  bool names(std::string_view place) const {
    return !so_far_.command->places.empty() && so_far_.command->places.front().name == place;
  }

  std::optional<StoredRun> stored() const {
    if (so_far_.places.empty()) return {};
    const auto store = open_sqlite_store(context_.state_directory, Access::read);
    if (!store) return {};
    auto run = load_run(context_, **store, so_far_.places.front());
    return run ? std::optional(std::move(*run)) : std::nullopt;
  }

  std::optional<Runbook> file() const {
    for (const auto& place : so_far_.places)
      if (is_yaml(place)) return read(place);
    return {};
  }
  std::optional<Runbook> read(const std::string& path) const {
    Inputs inputs;
    inputs.shown = path;
    inputs.path = fs::absolute(path).lexically_normal().string();
    inputs.environment = context_.environment_map();
    return read_runbook(inputs, DiskFiles(inputs.limits.bytes), all_kinds()).runbook;
  }

  const Typed& so_far_;
  Context context_;
  std::vector<Candidate> found_;
};

std::vector<Candidate> all_candidates(const Typed& so_far, const std::vector<CommandWords>& commands, Terminal& terminal) {
  std::vector<Candidate> out;
  if (so_far.command == nullptr) {
    for (const auto& command : commands) out.push_back({command.name, command.help});
    return out;
  }
  const auto& command = *so_far.command;
  Arguments arguments;
  arguments.state_dir = so_far.state_directory;
  Completer completer(so_far, make_context(arguments, terminal));
  const auto values = [&](const std::string& name, const std::vector<std::string>& words) {
    for (const auto& word : words) out.push_back({word, ""});
    return words.empty() ? completer.values_of(name) : std::move(out);
  };
  if (so_far.pending != nullptr) return values(so_far.pending->name, so_far.pending->words);
  if (so_far.current.starts_with('-')) {
    for (const auto& flag : command.flags) out.push_back({flag.name, flag.help});
    return out;
  }
  if (command.places.empty()) return out;
  const auto& place = command.places[std::min(so_far.places.size(), command.places.size() - 1)];
  if (so_far.places.size() >= command.places.size() && !place.repeats) return out;
  return values(place.name, place.words);
}

}  // namespace

std::vector<Candidate> candidates(const std::vector<std::string>& words, Terminal& terminal) {
  const auto commands = command_words();
  const Typed so_far = typed(words, commands);
  const bool is_unknown = so_far.command == nullptr && words.size() > 1 && !words.front().starts_with('-');
  if (is_unknown) return {};
  auto out = all_candidates(so_far, commands, terminal);
  std::erase_if(out, [&](const Candidate& one) { return !one.word.starts_with(so_far.current); });
  return out;
}

std::string candidate_lines(const std::vector<Candidate>& all) {
  std::string out;
  for (const auto& one : all) out += one.word + "\t" + one.help.substr(0, one.help.find('\n')) + "\n";
  return out;
}

}  // namespace runbook
