#include "draft/plan_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace runbook::draft {
namespace {

struct Row {
  std::string_view word;
  Meaning meaning;
};
// The first word that is found decides: "사전 조건" before "조건", "사후" before everything about steps.
constexpr Row headings[] = {
    {"체크리스트", Meaning::checklist},
    {"checklist", Meaning::checklist},
    {"사후", Meaning::after},
    {"후속", Meaning::after},
    {"post-mortem", Meaning::after},
    {"postmortem", Meaning::after},
    {"follow-up", Meaning::after},
    {"follow up", Meaning::after},
    {"afterwards", Meaning::after},
    {"성공 기준", Meaning::criteria},
    {"성공 조건", Meaning::criteria},
    {"완료 기준", Meaning::criteria},
    {"success criteria", Meaning::criteria},
    {"acceptance", Meaning::criteria},
    {"검증", Meaning::criteria},
    {"verification", Meaning::criteria},
    {"verify", Meaning::criteria},
    {"사전", Meaning::before},
    {"전제 조건", Meaning::before},
    {"선행", Meaning::before},
    {" 전 확인", Meaning::before},
    {"결과 확인", Meaning::criteria},
    {"확인 방법", Meaning::criteria},
    {" 후 확인", Meaning::criteria},
    {"확인사항", Meaning::before},
    {"확인 사항", Meaning::before},
    {"prerequisite", Meaning::before},
    {"precondition", Meaning::before},
    {"before you", Meaning::before},
    {"pre-check", Meaning::before},
    {"참고", Meaning::references},
    {"관련 문서", Meaning::references},
    {"references", Meaning::references},
    {"see also", Meaning::references},
    {"소요 시간", Meaning::expected},
    {"소요시간", Meaning::expected},
    {"duration", Meaning::expected},
    {"estimated time", Meaning::expected},
    {"expected time", Meaning::expected},
    {"조건", Meaning::condition},
    {"when to use", Meaning::condition},
    {"use when", Meaning::condition},
    {"trigger", Meaning::condition},
    {"절차", Meaning::procedure},
    {"procedure", Meaning::procedure},
    {"instructions", Meaning::procedure},
    {"steps", Meaning::procedure},
    {"연락처", Meaning::contact},
    {"contact", Meaning::contact},
    {"담당자", Meaning::owner},
    {"owner", Meaning::owner},
    {"승인자", Meaning::approver},
    {"approver", Meaning::approver},
};
constexpr Row labels[] = {
    {"소요 시간", Meaning::expected},
    {"소요시간", Meaning::expected},
    {"duration", Meaning::expected},
    {"estimated time", Meaning::expected},
    {"expected time", Meaning::expected},
    {"time needed", Meaning::expected},
    {"조건", Meaning::condition},
    {"condition", Meaning::condition},
    {"when to use", Meaning::condition},
    {"use when", Meaning::condition},
    {"절차", Meaning::procedure},
    {"명령", Meaning::procedure},
    {"procedure", Meaning::procedure},
    {"steps", Meaning::procedure},
    {"연락처", Meaning::contact},
    {"contact", Meaning::contact},
    {"담당", Meaning::owner},
    {"owner", Meaning::owner},
    {"승인", Meaning::approver},
    {"approver", Meaning::approver},
    {"위험", Meaning::risk},
    {"risk", Meaning::risk},
    {"영향", Meaning::impact},
    {"impact", Meaning::impact},
};
constexpr Row parts[] = {
    {"사후", Meaning::after}, {" 후", Meaning::after},   {"이후", Meaning::after},    {"after", Meaning::after},
    {"post", Meaning::after}, {"사전", Meaning::before}, {" 전", Meaning::before},    {"before", Meaning::before},
    {"pre", Meaning::before}, {"실행", Meaning::during}, {"during", Meaning::during},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

template <std::size_t N>
Meaning find(const Row (&rows)[N], std::string_view text) {
  const auto words = lower(text);
  for (const auto& row : rows)
    if (words.find(row.word) != std::string::npos) return row.meaning;
  return Meaning::nothing;
}

struct Unit {
  std::string_view word;
  Duration length;
};
constexpr Unit units[] = {
    {"초", std::chrono::seconds(1)},  {"분", std::chrono::minutes(1)},  {"시간", std::chrono::hours(1)},
    {"sec", std::chrono::seconds(1)}, {"min", std::chrono::minutes(1)}, {"hour", std::chrono::hours(1)},
    {"hr", std::chrono::hours(1)},    {"s", std::chrono::seconds(1)},   {"m", std::chrono::minutes(1)},
    {"h", std::chrono::hours(1)},
};

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }

// At most four digits: what is longer is no time that somebody waits.
std::optional<int> number(std::string_view& text) {
  std::size_t length = 0;
  int value = 0;
  while (length < text.size() && std::isdigit(static_cast<unsigned char>(text[length])) != 0) {
    if (length == 4) return {};
    value = value * 10 + (text[length++] - '0');
  }
  if (length == 0) return {};
  text.remove_prefix(length);
  return value;
}
std::optional<Duration> unit(std::string_view& text) {
  skip_blanks(text);
  for (const auto& one : units) {
    if (!text.starts_with(one.word)) continue;
    auto rest = text.substr(one.word.size());
    const bool is_latin = static_cast<unsigned char>(one.word[0]) < 0x80;
    while (is_latin && !rest.empty() && std::isalpha(static_cast<unsigned char>(rest[0])) != 0) rest.remove_prefix(1);
    text = rest;
    return one.length;
  }
  return {};
}
bool dash(std::string_view& text) {
  skip_blanks(text);
  for (const std::string_view one : {"-", "–", "—", "~", "to "})
    if (text.starts_with(one)) {
      text.remove_prefix(one.size());
      skip_blanks(text);
      return true;
    }
  return false;
}

// Commands by their first words; what follows may be anything.
constexpr std::string_view readers[] = {
    "kubectl get",
    "kubectl describe",
    "kubectl logs",
    "kubectl top",
    "kubectl rollout status",
    "kubectl rollout history",
    "git status",
    "git log",
    "git diff",
    "git show",
    "git tag --list",
    "git tag -l",
    "helm status",
    "helm list",
    "helm history",
    "docker ps",
    "docker logs",
    "docker inspect",
    "systemctl status",
    "journalctl",
    "ls",
    "cat",
    "grep",
    "head",
    "tail",
    "wc",
    "df",
    "du",
    "ps",
    "date",
    "echo",
    "jq",
    "ping",
    "dig",
    "uptime",
    "free",
};
constexpr std::string_view whole_readers[] = {"git tag", "true", "sort", "uniq", "id", "hostname", "pwd"};

// `date -s 12:00`, `date -us 12:00`, `date 112712002026`; letters behind an option that takes a word are the word's.
bool sets_clock(std::string_view command) {
  for (auto rest = command; !rest.empty();) {
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word.starts_with("--s")) return true;
    if (word.size() > 1 && word[0] == '-' && word.substr(0, word.find_first_of("dfIr")).find('s') != std::string_view::npos)
      return true;
    if (word.size() >= 8 && word.find_first_not_of("0123456789.") == std::string_view::npos) return true;
  }
  return false;
}
// What deletes, moves or writes a journal; long options may be cut short.
bool changes_journal(std::string_view command) {
  for (const std::string_view option :
       {" --vac", " --rot", " --flu", " --syn", " --relinq", " --smart-rel", " --setup", " --update-c"})
    if (command.find(option) != std::string_view::npos) return true;
  return false;
}

bool is_read(std::string_view command) {
  if (command.starts_with("date ") && sets_clock(command)) return false;
  if (command.starts_with("journalctl ") && changes_journal(command)) return false;
  for (const auto word : whole_readers)
    if (command == word) return true;
  for (const auto words : readers)
    if (command == words || (command.starts_with(words) && command[words.size()] == ' ')) return true;
  if (command.starts_with("psql ")) {
    const auto text = lower(command);
    return text.find("-c \"select ") != std::string::npos && std::count(text.begin(), text.end(), ';') <= 1;
  }
  if (!command.starts_with("curl ")) return false;
  for (const std::string_view sends : {" -X", " --request", " -d", " --data", " -F", " --form", " -T", " --upload", " -o", " -O"})
    if (command.find(sends) != std::string_view::npos) return false;
  return true;
}

}  // namespace

Meaning meaning_of_heading(std::string_view heading) { return find(headings, heading); }
Meaning meaning_of_part(std::string_view heading) { return find(parts, heading); }
Meaning meaning_of_label(std::string_view label) { return label.size() > 60 ? Meaning::nothing : find(labels, label); }

bool is_way_back(std::string_view heading) {
  // "롤백 계획 확인" and "Prepare the rollback" go forward.
  static constexpr std::string_view ends[] = {"롤백",          "롤백 절차",    "롤백 방법",   "롤백 계획",   "롤백 플랜",
                                              "롤백 시나리오", "롤백 명령",    "원복",        "원복 절차",   "원복 방법",
                                              "원복 계획",     "실패 시",      "실패시",      "실패한 경우", "실패 시 조치",
                                              "실패 시 대응",  "실패 시 절차", "실패 시 복구"};
  static constexpr std::string_view begins[] = {"rollback", "roll back", "roll-back", "backout", "back out", "back-out"};
  static constexpr std::string_view follows[] = {"",        "plan", "procedure", "steps", "instructions", "commands", "if",
                                                 "in case", "when", "to",        "of",    "the",          "on"};
  static constexpr std::string_view fails[] = {"fail", "goes wrong", "went wrong"};
  auto words = lower(heading);
  if (words.ends_with(')')) words.erase(std::min(words.rfind('('), words.size()));
  while (words.ends_with(' ') || words.ends_with(':')) words.pop_back();
  for (const auto end : ends)
    if (words.ends_with(end) && (words.size() == end.size() || words[words.size() - end.size() - 1] == ' ')) return true;
  for (const auto begin : begins) {
    if (!words.starts_with(begin)) continue;
    std::string_view rest = std::string_view(words).substr(begin.size());
    if (rest.starts_with(':')) return true;
    if (!rest.empty() && rest[0] != ' ') continue;
    skip_blanks(rest);
    const auto word = rest.substr(0, rest.find(' '));
    if (std::find(std::begin(follows), std::end(follows), word) != std::end(follows) || rest.starts_with("in case")) return true;
  }
  if (words.starts_with("롤백:") || words.starts_with("원복:")) return true;
  const bool is_case = words.starts_with("if ") || words.starts_with("in case ");
  return is_case && std::any_of(std::begin(fails), std::end(fails),
                                [&](std::string_view one) { return words.find(one) != std::string::npos; });
}

bool is_plan_of_way_back(std::string_view title) {
  static constexpr std::string_view backs[] = {"롤백", "원복", "rollback", "roll back", "roll-back", "backout", "back-out"};
  static constexpr std::string_view others[] = {" 및 ", "와 ", "과 ", " and ", "&", "/", "+", ","};
  const auto words = lower(title);
  const auto holds = [&](std::string_view one) { return words.find(one) != std::string::npos; };
  return std::any_of(std::begin(backs), std::end(backs), holds) && std::none_of(std::begin(others), std::end(others), holds);
}

bool is_output_label(std::string_view label) {
  // "Save the output": these stand alone; of those below the end is enough.
  static constexpr std::string_view whole[] = {"출력", "출력 결과", "결과", "응답", "output", "result", "response"};
  static constexpr std::string_view ends[] = {
      "기대 결과",        "기대 출력",     "기대 응답",       "예상 결과",       "예상 출력",         "예상 응답",
      "출력 예",          "출력 예시",     "결과 예",         "결과 예시",       "응답 예",           "응답 예시",
      "예시 출력",        "실행 결과",     "expected output", "expected result", "expected response", "example output",
      "example response", "sample output", "sample response"};
  static constexpr std::string_view says[] = {
      "는 다음과 같습니다", "은 다음과 같습니다", "는 다음과 같다", "은 다음과 같다", " is", " looks like this"};
  auto words = lower(label);
  if (words.ends_with(')')) words.erase(std::min(words.rfind('('), words.size()));
  while (words.ends_with(' ')) words.pop_back();
  for (const auto tail : says)
    if (words.ends_with(tail)) words.erase(words.size() - tail.size());
  const auto is_words = [&](std::string_view one) { return words == one; };
  const auto ends_words = [&](std::string_view one) {
    return words.ends_with(one) && (words.size() == one.size() || words[words.size() - one.size() - 1] == ' ');
  };
  return std::any_of(std::begin(whole), std::end(whole), is_words) || std::any_of(std::begin(ends), std::end(ends), ends_words);
}

std::optional<DurationRange> duration_in(std::string_view text) {
  const std::string words = lower(text);
  std::string_view rest = words;
  while (!rest.empty() && std::isdigit(static_cast<unsigned char>(rest[0])) == 0) rest.remove_prefix(1);
  const auto first = number(rest);
  if (!first) return {};
  if (dash(rest)) {
    const auto second = number(rest);
    const auto length = second ? unit(rest) : std::nullopt;
    if (!length || *first > *second || *first == 0) return {};
    return DurationRange{*first * *length, *second * *length};
  }
  auto length = unit(rest);
  if (!length) return {};
  Duration sum = *first * *length;
  if (dash(rest)) {  // "5 min - 10 min"
    const auto second = number(rest);
    const auto last = second ? unit(rest) : std::nullopt;
    if (!last || sum > *second * *last || sum == Duration{}) return {};
    return DurationRange{sum, *second * *last};
  }
  skip_blanks(rest);
  if (const auto second = number(rest))  // "1시간 30분"
    if (const auto smaller = unit(rest); smaller && *smaller < *length) sum += *second * *smaller;
  if (sum == Duration{}) return {};
  return DurationRange{sum, sum};
}

std::string_view risk_in(std::string_view text) {
  struct Word {
    std::string_view theirs, ours;
  };
  static constexpr Word words[] = {{"critical", "critical"}, {"심각", "critical"}, {"매우 높음", "critical"}, {"high", "high"},
                                   {"높음", "high"},         {"medium", "medium"}, {"보통", "medium"},        {"중간", "medium"},
                                   {"low", "low"},           {"낮음", "low"}};
  const auto said = lower(text);
  for (const auto& word : words)
    if (said.find(word.theirs) != std::string::npos) return word.ours;
  return {};
}

bool take_optional_mark(std::string& text) {
  const auto said = lower(text);
  for (const std::string_view mark :
       {"(필요시)", "(필요 시)", "(선택)", "(선택 사항)", "(optional)", "(if needed)", "(if necessary)"}) {
    const auto at = said.find(mark);
    if (at == std::string::npos) continue;
    text.erase(at, mark.size());
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return true;
  }
  return false;
}

bool only_reads(std::string_view script) {
  std::string command;
  char quote = 0;
  bool any = false;
  const auto ends = [&] {
    const auto begin = command.find_first_not_of(" \t\\");
    const auto end = command.find_last_not_of(" \t\\");
    const bool reads = begin == std::string::npos || is_read(std::string_view(command).substr(begin, end - begin + 1));
    any = any || begin != std::string::npos;
    command.clear();
    return reads;
  };
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    if (c == '\\' && i + 1 < script.size() && script[i + 1] == '\n') {
      command += ' ';
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
      if (quote == '"' && (c == '`' || (c == '$' && i + 1 < script.size() && script[i + 1] == '('))) return false;
      command += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      command += c;
    } else if (c == '>' || c == '`' || c == '(' || c == '{' || c == '<') {
      return false;
    } else if (c == '#' && (command.empty() || command.back() == ' ')) {
      i = std::min(script.find('\n', i), script.size()) - 1;
    } else if (c == '\n' || c == ';' || c == '|' || c == '&') {
      if (!ends()) return false;
    } else {
      command += c;
    }
  }
  return quote == 0 && ends() && any;
}

}  // namespace runbook::draft
