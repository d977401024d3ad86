// The command line as a value. CLI11 stays in arguments.cpp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"

namespace runbook {

struct Arguments {
  std::string command;  // "run", "lint", ...
  std::vector<std::string> files;
  std::string topic;                // of `schema`, `completion`, `explain --keys`, `lint --explain`
  std::string run, step, text, on;  // RUN, STEP, the text of `note` or expression of `eval`, its file
  std::optional<std::int64_t> item;

  bool keys = false, plan = false, what_if = false, no_checks = false, close = false, wait = false, yes = false, no_input = false,
       strict = false, ascii = false, no = false, all = false, step_by_step = false, downstream = false;
  std::vector<std::string> variables, variable_files, limits, confirms, answers, with, without;
  std::string reason, ticket, answer, as, amend, profile = "basic", format = "text", output = "text", progress = "auto",
                                                 color = "auto", state_dir;
  std::vector<std::string> outputs;
  std::optional<Duration> wait_lock;
  std::int64_t parallel = 8;
  std::int64_t attempt = 0;             // logs: k; doctor: the slot
  std::string attempt_directory;        // doctor: a run's
  std::string name, from, section, to;  // of `new`: NAME, the plan, its scenario, the file
};

// What the command line says; or what to print and how to exit (help, version, wrong usage).
struct Parsed {
  std::optional<Arguments> arguments;
  std::string message;
  bool is_wrong = false;
};
Parsed parse_arguments(int count, const char* const* words);

// The same description as words, for completion.
struct CommandWords {
  struct Flag {
    std::string name, help;
    bool takes_value = false;
    std::vector<std::string> words;  // what the value may be; empty: anything
  };
  struct Place {
    std::string name;  // "FILE", "RUN", "STEP"
    bool repeats = false;
    std::vector<std::string> words;
  };
  std::string name, help;
  std::vector<Flag> flags;
  std::vector<Place> places;
};
std::vector<CommandWords> command_words();

// "NAME=VALUE"; nothing when there is no `=`.
std::optional<std::pair<std::string, std::string>> split_pair(const std::string& text);

}  // namespace runbook
