#include "plan/changing_commands.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/sql_text.h"

namespace runbook {
namespace {

struct Verb {
  std::string_view program, words;  // "rollout undo": as the first operands
};
// What certainly changes something, wherever it is called; the verbs of a program stand together.
constexpr std::array<Verb, 39> changing{{
    {"kubectl", "apply"},
    {"kubectl", "create"},
    {"kubectl", "delete"},
    {"kubectl", "scale"},
    {"kubectl", "patch"},
    {"kubectl", "replace"},
    {"kubectl", "drain"},
    {"kubectl", "cordon"},
    {"kubectl", "uncordon"},
    {"kubectl", "taint"},
    {"kubectl", "set"},
    {"kubectl", "rollout undo"},
    {"kubectl", "rollout restart"},
    {"kubectl", "rollout pause"},
    {"kubectl", "rollout resume"},
    {"helm", "install"},
    {"helm", "upgrade"},
    {"helm", "rollback"},
    {"helm", "uninstall"},
    {"systemctl", "start"},
    {"systemctl", "stop"},
    {"systemctl", "restart"},
    {"systemctl", "reload"},
    {"systemctl", "enable"},
    {"systemctl", "disable"},
    {"systemctl", "mask"},
    {"git", "push"},
    {"git", "commit"},
    {"git", "reset"},
    {"git", "checkout"},
    {"git", "merge"},
    {"docker", "rm"},
    {"docker", "rmi"},
    {"docker", "stop"},
    {"docker", "restart"},
    {"docker", "kill"},
    {"aws", "s3 rm"},
    {"terraform", "apply"},
    {"terraform", "destroy"},
}};

bool begins_with(const std::vector<std::string_view>& words, std::string_view wanted) {
  for (const auto word : words) {
    if (!wanted.starts_with(word)) return false;
    wanted.remove_prefix(word.size());
    if (wanted.empty()) return true;
    if (wanted[0] != ' ') return false;
    wanted.remove_prefix(1);
  }
  return false;
}

const Verb* changing_verb(const ShellCommand& command) {
  const auto name = command.name();
  const auto is_its = [&](const Verb& verb) { return verb.program == name; };
  const auto first = std::find_if(changing.begin(), changing.end(), is_its);
  if (first == changing.end()) return nullptr;
  const bool only_tries = std::any_of(command.words.begin(), command.words.end(), [](const ShellWord& word) {
    return word.text.starts_with("--dry-run") || word.text == "--dryrun";
  });
  if (only_tries) return nullptr;
  const auto words = command.operands();
  const auto last = std::find_if_not(first, changing.end(), is_its);
  const auto found = std::find_if(first, last, [&](const Verb& verb) { return begins_with(words, verb.words); });
  return found == last ? nullptr : &*found;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

bool is_scratch(std::string_view path) {
  return path.starts_with("/tmp/") || path.starts_with("/var/tmp/") || path.starts_with("/dev/") || path == "/tmp";
}
bool is_kept(std::string_view path) { return path.starts_with('/') && !is_scratch(path); }

// The options of a program in their order: `-sXPOST` is `s` and `X` with "POST", `--data x` is "--data" alone.
struct Option {
  char letter;  // '\0': a long one
  std::string_view name, value;
};
template <class Use>
void for_each_option(const ShellCommand& command, std::string_view letters_with_value, const Use& use) {
  for (std::size_t i = command.name_at() + 1; i < command.words.size(); ++i) {
    const std::string_view word = command.words[i].text;
    const std::string_view next = i + 1 < command.words.size() ? std::string_view(command.words[i + 1].text) : std::string_view();
    if (word == "--") return;
    if (word.starts_with("--")) {
      use(Option{'\0', word, next});
      continue;
    }
    if (!word.starts_with("-")) continue;
    for (std::size_t k = 1; k < word.size(); ++k) {
      const bool takes_value = letters_with_value.find(word[k]) != std::string_view::npos;
      const bool is_next = takes_value && k + 1 == word.size();
      use(Option{word[k], word, is_next ? next : word.substr(k + 1)});
      if (is_next) ++i;
      if (takes_value) break;
    }
  }
}

using Shown = std::string;  // empty: nothing is known to change

Shown change_by_find(const ShellCommand& find) {
  const auto& words = find.words;
  const auto first = find.name_at() + 1;
  if (first < words.size() && is_scratch(words[first].text)) return {};
  for (auto i = first; i < words.size(); ++i) {
    const auto& word = words[i].text;
    const bool is_value = is_one_of(words[i - 1].text, {"-name", "-iname", "-path", "-regex"});
    if (word == "-delete" && !is_value) return "find -delete";
    if ((word == "-exec" || word == "-execdir") && i + 1 < words.size() && words[i + 1].text == "rm") return "find -exec rm";
  }
  return {};
}

// Questions that are sent by POST: searches, GraphQL, the way to a token.
bool asks(std::string_view word) {
  constexpr std::array<std::string_view, 7> questions{"search", "query", "graphql", "_count", "token", "login", "validate"};
  return std::any_of(questions.begin(), questions.end(), [&](auto one) { return word.find(one) != std::string_view::npos; });
}

Shown change_by_curl(const ShellCommand& curl) {
  std::string_view method, sends;
  bool is_get = false;
  for_each_option(curl, "AbcCdDeEFhHKmoPQrtTuUwxXyYz", [&](const Option& option) {
    if (option.letter == 'X' || option.name == "--request") method = option.value;
    else if (option.letter == 'G' || option.letter == 'I' || is_one_of(option.name, {"--get", "--head"})) is_get = true;
    else if (option.letter == 'd') sends = "-d";
    else if (option.letter == 'F') sends = "-F";
    else if (option.letter == 'T') sends = "-T";
    else if (option.letter == '\0' && (option.name.starts_with("--data") || is_one_of(option.name, {"--json", "--form"})))
      sends = option.name;
  });
  if (is_one_of(method, {"PUT", "DELETE", "PATCH"})) return "curl -X " + std::string(method);
  if (!method.empty() ? method != "POST" : is_get || sends.empty()) return {};
  if (std::any_of(curl.words.begin(), curl.words.end(), [](const ShellWord& word) { return asks(word.text); })) return {};
  return method.empty() ? "curl " + std::string(sends) : "curl -X POST";
}

Shown change_by_redis(const ShellCommand& redis) {
  constexpr std::array<std::string_view, 15> with_value{"-h", "-p", "-t", "-s",     "-a",       "-u",     "-n",   "-r",
                                                        "-i", "-d", "-D", "--user", "--cacert", "--cert", "--key"};
  auto i = redis.name_at() + 1;
  for (; i < redis.words.size() && redis.words[i].text.starts_with("-"); ++i)
    if (std::find(with_value.begin(), with_value.end(), redis.words[i].text) != with_value.end()) ++i;
  if (i >= redis.words.size()) return {};
  const auto word = upper(redis.words[i].text);
  return is_one_of(word, {"FLUSHALL", "FLUSHDB", "SET", "DEL", "UNLINK", "HSET", "HDEL", "EXPIRE"}) ? "redis-cli " + word : "";
}

Shown change_by_sed(const ShellCommand& sed) {
  bool is_in_place = false;
  for_each_option(sed, "efil", [&](const Option& option) {
    is_in_place = is_in_place || option.letter == 'i' || option.name.starts_with("--in-place");
  });
  return is_in_place && !is_scratch(sed.words.back().text) ? "sed -i" : "";
}

Shown change_by_journalctl(const ShellCommand& journalctl) {
  for (const auto& word : journalctl.words)
    if (word.text.starts_with("--vacuum-")) return "journalctl " + word.text.substr(0, word.text.find('='));
  return {};
}

// Of what is given at once; where a part of it is taken back, or goes into a table of the session, nothing.
Shown change_by_psql(const ShellCommand& psql) {
  Shown out;
  bool is_undone = false;
  const auto look = [&](std::string_view text) {
    for (const auto& statement : split_statements(text)) {
      const auto word = first_word(statement).text;
      if (is_one_of(word, {"ROLLBACK", "ABORT", "CREATE"})) is_undone = true;
      if (out.empty() && is_one_of(word, {"DELETE", "UPDATE", "INSERT", "DROP", "TRUNCATE"})) out = "psql -c " + word;
    }
  };
  constexpr std::string_view command = "--command";
  for_each_option(psql, "cdfvoPFRThpUL", [&](const Option& option) {
    if (option.letter == 'c' || option.name == command) look(option.value);
    else if (option.name.starts_with("--command=")) look(option.name.substr(command.size() + 1));
  });
  return is_undone ? Shown() : out;
}

Shown change_by_tee(const ShellCommand& tee) {
  for (auto i = tee.name_at() + 1; i < tee.words.size(); ++i)
    if (is_kept(tee.words[i].text)) return "tee " + tee.words[i].text;
  return {};
}

// What tells it from reading are its options.
struct Program {
  std::string_view name;
  Shown (*change)(const ShellCommand&);
  bool may_be_of_scratch;  // works on files
};
constexpr std::array<Program, 7> programs{{
    {"find", change_by_find, true},
    {"curl", change_by_curl, false},
    {"redis-cli", change_by_redis, false},
    {"sed", change_by_sed, true},
    {"journalctl", change_by_journalctl, false},
    {"psql", change_by_psql, false},
    {"tee", change_by_tee, false},
}};

// What is only added to a log changes nothing that a runbook is about.
bool adds_to_log(const ShellWord& file, std::string_view script) {
  const auto before = script.substr(0, file.offset);
  const auto end = before.find_last_not_of(" \t");
  return file.text.starts_with("/var/log/") && end != std::string_view::npos && before.substr(0, end + 1).ends_with(">>");
}

}  // namespace

std::optional<ShellChange> change_by(const ShellCommand& command, std::string_view script) {
  for (const auto& file : command.written)
    if (is_kept(file.text) && !adds_to_log(file, script)) return ShellChange{"> " + file.text, file.offset, file.length};
  if (command.words.empty()) return {};
  const auto& at = command.words[command.name_at()];
  if (const auto* verb = changing_verb(command))
    return ShellChange{std::string(verb->program) + " " + std::string(verb->words), at.offset, at.length};
  const auto name = command.name();
  for (const auto& program : programs) {
    if (program.name != name) continue;
    auto shown = program.change(command);
    if (shown.empty() || (program.may_be_of_scratch && script.find("mktemp") != std::string_view::npos)) return {};
    return ShellChange{std::move(shown), at.offset, at.length};
  }
  return {};
}

}  // namespace runbook
