#include <algorithm>
#include <array>
#include <cctype>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// `PGPASSWORD`, `api_key`, `X-Auth-Token`; not `PGPASSFILE`, `token_path`, `max_tokens`.
bool is_secret_name(std::string_view name) {
  std::string plain = lower(name);
  std::replace(plain.begin(), plain.end(), '-', '_');
  constexpr std::array<std::string_view, 5> elsewhere{"_file", "_path", "_url", "_name", "_id"};
  if (std::any_of(elsewhere.begin(), elsewhere.end(), [&](std::string_view end) { return plain.ends_with(end); })) return false;
  constexpr std::array<std::string_view, 9> words{"password", "passwd",     "secret",      "api_key",      "apikey",
                                                  "token",    "access_key", "private_key", "authorization"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return plain.ends_with(word); });
}

// What stands for a value that is not there: "", "***", "<token>", "[...]", "xxx"; and the word that only names a scheme.
bool is_placeholder(std::string_view value) {
  if (value.empty() || value[0] == '<' || value[0] == '[' || value[0] == '$' || value[0] == '/' || value[0] == '.') return true;
  if (value.find_first_not_of("*xX.-_") == std::string_view::npos) return true;
  const auto word = lower(value);
  return word == "none" || word == "null" || word == "true" || word == "false" || word == "bearer" || word == "basic";
}

struct Shape {
  std::string_view begin;
  std::size_t least;  // further characters of a key
  std::string_view what, what_ko;
};
constexpr std::array<Shape, 10> shapes{{{"AKIA", 16, "an AWS access key", "AWS 액세스 키"},
                                        {"ghp_", 20, "a GitHub token", "GitHub 토큰"},
                                        {"gho_", 20, "a GitHub token", "GitHub 토큰"},
                                        {"github_pat_", 20, "a GitHub token", "GitHub 토큰"},
                                        {"glpat-", 16, "a GitLab token", "GitLab 토큰"},
                                        {"xoxb-", 16, "a Slack token", "Slack 토큰"},
                                        {"xoxp-", 16, "a Slack token", "Slack 토큰"},
                                        {"https://hooks.slack.com/services/", 6, "a Slack webhook", "Slack 웹훅"},
                                        {"-----BEGIN PRIVATE KEY", 0, "a private key", "개인 키"},
                                        {"-----BEGIN RSA PRIVATE KEY", 0, "a private key", "개인 키"}}};

struct Found {
  std::size_t offset = 0, length = 0;
  Phrase what;
};

bool is_key_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

// `https://user:password@host`, written out.
std::optional<Found> password_in_url(std::string_view text) {
  for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const auto end = std::min(text.find_first_of("/ \t\n\"'?", at + 3), text.size());
    const auto authority = text.substr(at + 3, end - at - 3);
    const auto host = authority.rfind('@'), colon = authority.find(':');
    if (host == std::string_view::npos || colon == std::string_view::npos || colon > host) continue;
    const auto password = authority.substr(colon + 1, host - colon - 1);
    if (!is_placeholder(password) && password.find('$') == std::string_view::npos)
      return Found{at + 4 + colon, password.size(), phrase("a password in a URL", "URL 안의 비밀번호")};
  }
  return {};
}

// What is a secret by its looks, wherever it stands.
std::optional<Found> secret_in(std::string_view text) {
  for (const auto& shape : shapes)
    for (auto at = text.find(shape.begin); at != std::string_view::npos; at = text.find(shape.begin, at + 1)) {
      if (at > 0 && is_key_character(text[at - 1])) continue;
      auto end = at + shape.begin.size();
      while (end < text.size() && is_key_character(text[end])) ++end;
      if (end - at - shape.begin.size() >= shape.least) return Found{at, end - at, phrase(shape.what, shape.what_ko)};
    }
  return password_in_url(text);
}

// Behind `Bearer ` and the like.
std::string_view credential(std::string_view header) {
  const auto blank = header.find(' ');
  return blank == std::string_view::npos ? header : header.substr(blank + 1);
}

class Search {
 public:
  explicit Search(Diagnostics& advice) : advice_(advice) {}

  void texts(const Plan& plan) {
    for (const auto& unit : plan.runbook.units) {
      for (const auto& [name, value] : unit.env) named(name, value);
      for (const auto& [name, connection] : unit.connections)
        for (const auto& [key, value] : connection.fields) field(key, value);
      for (const auto& [name, variable] : unit.variables)
        if (variable.source == Variable::Source::fallback && variable.value && variable.value->string()) {
          if (is_secret_name(name) && !is_placeholder(*variable.value->string()))
            say(variable.at, phrase("the default of `{}`", "`{}` 의 기본값", name));
          else if (const auto found = secret_in(*variable.value->string())) say(variable.at, found->what);
        }
    }
    for (const auto& channel : plan.runbook.notify) {
      named("url", channel.url);
      for (const auto& [name, value] : channel.headers) named(name, value);
    }
    for (const auto& planned : plan.steps)
      for (const Step* step : {&planned.step, planned.step.undo.get()})
        if (step != nullptr) look_at(*step);
  }

  void code(const StepCode& step) {
    for (const auto& command : step.commands) {
      for (const auto& word : command.assignments) assignment(step, word);
      for (const auto& word : command.words)
        if (word.text.starts_with("--")) assignment(step, word);
    }
    if (step.map == nullptr) return;  // argv: its words are texts, looked at already
    if (const auto found = secret_in(step.text)) say(step.place(found->offset, found->length), found->what);
  }

 private:
  void look_at(const Step& step) {
    for (const auto& [name, value] : step.env) named(name, value);
    for (const auto& [key, value] : step.action.fields) field(key, value);
  }
  void say(Place at, const Phrase& what) {
    auto advice = diagnose(messages::literal_secret, at, what.en);
    advice.text.ko = fmt::format(fmt::runtime(messages::literal_secret.ko), what.ko);
    advice_.push_back(std::move(advice).helped(
        phrase("declare it under `secrets` (env, file or command) and name it as ${{secrets.NAME}}; then it is masked",
               "`secrets` 에 선언하고 (env, file, command) ${{secrets.NAME}} 으로 쓰십시오. 그러면 가려집니다")));
  }
  void named(std::string_view name, const Text& value) {
    const auto& text = value.text.text();
    if (is_secret_name(name) && value.text.is_literal() && !is_placeholder(credential(text)))
      say(value.map.at(0, text.size()), phrase("`{0}`", "`{0}`", name));
    else if (const auto found = secret_in(text)) say(value.map.at(found->offset, found->length), found->what);
  }
  void field(std::string_view name, const Field& value) {
    if (const auto* text = std::get_if<Text>(&value.is)) named(name, *text);
    if (const auto* list = std::get_if<Field::List>(&value.is))
      for (const auto& item : *list) field("", item);
    if (const auto* map = std::get_if<Field::Map>(&value.is))
      for (const auto& [key, member] : *map) field(key, member);
  }
  // NAME=value, --name=value.
  void assignment(const StepCode& step, const ShellWord& word) {
    const auto equals = word.text.find('=');
    if (equals == std::string::npos) return;
    const auto name = word.text.substr(0, equals), value = word.text.substr(equals + 1);
    const bool is_written_out =
        word.variables.empty() && value.find("$(") == std::string::npos && value.find('`') == std::string::npos;
    if (is_written_out && is_secret_name(name) && !is_placeholder(value))
      say(step.place(word.offset, word.length), phrase("`{0}`", "`{0}`", name.substr(name.find_first_not_of('-'))));
  }

  Diagnostics& advice_;
};

bool is_local(std::string_view host) {
  return host.empty() || host[0] == '/' || host[0] == '@' || host == "localhost" || host == "::1" || host.starts_with("127.");
}

// Nothing: it is known only when the run begins.
std::optional<std::string> known_text(const Plan& plan, const Unit& unit, const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return "";
  const auto value = resolve(found->second, unit_scope(unit, plan.environment));
  return value ? std::optional(to_text(*value)) : std::nullopt;
}

bool is_postgres(const Connection& connection) {
  constexpr std::array<std::string_view, 4> own{"host", "hostaddr", "dbname", "user"};
  return connection.fields.find("url") == connection.fields.end() &&
         std::any_of(own.begin(), own.end(),
                     [&](std::string_view key) { return connection.fields.find(key) != connection.fields.end(); });
}

}  // namespace

void check_literal_secrets(const Plan& plan, Diagnostics& advice) { Search(advice).texts(plan); }

void check_secrets_in_code(const LintedCode& linted, Diagnostics& advice) { Search(advice).code(linted.code); }

void check_server_identity(const Plan& plan, Diagnostics& advice) {
  for (const auto& unit : plan.runbook.units)
    for (const auto& [name, connection] : unit.connections) {
      const auto& fields = connection.fields;
      // A service file and libpq's environment may say it instead.
      if (!is_postgres(connection) || fields.find("service") != fields.end() || unit.env.count("PGSSLMODE") != 0) continue;
      const bool requires_mode = std::any_of(unit.requires_.env.begin(), unit.requires_.env.end(),
                                             [](const auto& one) { return one.first == "PGSSLMODE"; });
      const auto host = known_text(plan, unit, fields, fields.find("hostaddr") != fields.end() ? "hostaddr" : "host");
      const auto mode = known_text(plan, unit, fields, "sslmode");
      if (requires_mode || !mode || *mode == "verify-full" || (host && is_local(*host))) continue;
      const bool has_mode = !mode->empty();
      advice.push_back(diagnose(messages::no_verify_full, has_mode ? fields.find("sslmode")->second.at : connection.at, name)
                           .helped(phrase("add `sslmode: verify-full` (and `sslrootcert` if its authority is your own)",
                                          "`sslmode: verify-full` 을 추가하십시오 (인증 기관이 자체 것이면 `sslrootcert` 도)")));
    }
}

}  // namespace runbook
