#include "cli/bash_functions.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace runbook {
namespace {

// A string of an environment holds 128 KiB at most, all of them 2 MiB.
constexpr std::size_t largest_script = 64U << 10U, largest_batch = 1U << 20U, most_in_batch = 256;
constexpr std::size_t largest_output = 32U << 20U;

// The last command of every function. Where bash shows it as the last command, the script has ended neither before the function
// nor in the middle of a command or a here-document: what follows a function's end would be passed over in silence.
constexpr std::string_view last = "runbook_end_of_script";

std::string function_of(std::string_view script, std::size_t number) {
  return fmt::format("BASH_FUNC_s{}%%=() {{\n:\n{}\n: {}\n}}", number, script, last);
}

bool fits(std::string_view script) {
  return script.size() <= largest_script && script.find('\0') == std::string_view::npos &&
         script.find(last) == std::string_view::npos;
}

std::size_t lines_like(std::string_view text, std::string_view line) {
  std::size_t out = 0;
  for (; !text.empty(); text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1))
    out += text.substr(0, text.find('\n')) == line ? 1 : 0;
  return out;
}

enum class Word { none, some, no_bash };

class Reader {
 public:
  Reader(const std::vector<std::string_view>& scripts, TimedChildren& children, const std::string& folder,
         const std::string& path)
      : scripts_(scripts),
        children_(children),
        out_(folder + "/functions"),
        err_(folder + "/refused"),
        path_(path) {}

  // Halves of what is not silent, until the one that speaks stands alone.
  Result<void, Failure> look_at(std::span<const std::size_t> batch) {
    const auto said = has_bash_ ? read(batch) : Word::no_bash;
    if (!said) return failure(said.error());
    if (*said == Word::none) return {};
    if (*said == Word::no_bash) has_bash_ = false;
    if (*said == Word::no_bash || batch.size() == 1) {
      doubtful_.insert(doubtful_.end(), batch.begin(), batch.end());
      return {};
    }
    const auto half = batch.size() / 2;
    if (auto first = look_at(batch.first(half)); !first) return first;
    return look_at(batch.subspan(half));
  }
  void doubt(std::size_t script) { doubtful_.push_back(script); }
  std::vector<std::size_t> doubtful() const {
    auto out = doubtful_;
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  Result<Word, Failure> read(std::span<const std::size_t> batch) {
    const auto env = open_file("/usr/bin/env", O_RDONLY);
    const auto out = open_file(out_, O_WRONLY | O_CREAT | O_TRUNC);
    const auto err = open_file(err_, O_WRONLY | O_CREAT | O_TRUNC);
    for (const auto* file : {&env, &out, &err})
      if (!*file) return failure(file->error());
    ChildSpec spec;
    spec.executable = env->get();
    // Indented, a few deep functions become a lot of text.
    spec.arguments = {"env", "bash", "-c", fmt::format("ulimit -f {}; declare -f", largest_output >> 10U)};
    spec.environment = {"PATH=" + path_, "LC_ALL=C.UTF-8"};
    for (const auto script : batch) spec.environment.push_back(function_of(scripts_[script], script));
    spec.standard_output = out->get();
    spec.standard_error = err->get();
    const auto ended = children_.run(spec);
    if (!ended) return failure(ended.error());
    if (ended->code == 127) return Word::no_bash;
    const auto shown = read_file(out_, largest_output), refused = read_file(err_, largest_output);
    const bool is_silent = ended->exited && ended->code == 0 && refused && refused->empty();
    const bool are_whole = shown && lines_like(*shown, fmt::format("    : {}", last)) == batch.size();
    return is_silent && are_whole ? Word::none : Word::some;
  }

  const std::vector<std::string_view>& scripts_;
  TimedChildren& children_;
  std::string out_, err_, path_;
  bool has_bash_ = true;
  std::vector<std::size_t> doubtful_;
};

}  // namespace

Result<std::vector<std::size_t>, Failure> doubtful_scripts(const std::vector<std::string_view>& scripts, TimedChildren& children,
                                                           const std::string& folder, const std::string& path) {
  Reader reader(scripts, children, folder, path);
  std::vector<std::size_t> batch;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (!fits(scripts[i])) {
      reader.doubt(i);
      continue;
    }
    if (batch.size() == most_in_batch || bytes + scripts[i].size() > largest_batch) {
      if (auto looked = reader.look_at(batch); !looked) return failure(looked.error());
      batch.clear();
      bytes = 0;
    }
    batch.push_back(i);
    bytes += scripts[i].size();
  }
  if (!batch.empty())
    if (auto looked = reader.look_at(batch); !looked) return failure(looked.error());
  return reader.doubtful();
}

}  // namespace runbook
