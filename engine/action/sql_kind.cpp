// The static side of `sql`: its keys, its results, its line in a plan.
#include <array>
#include <cctype>

#include "action/sql.h"
#include "action/sql_messages.h"
#include "base/sql_text.h"

namespace runbook {
namespace {

using Need = KeyRow::Need;
using From = ResultRow::From;

constexpr std::array<KeyRow, 6> keys{{
    KeyRow{"db", FieldType::name, Need::required, "A PostgreSQL connection.", "PostgreSQL 연결."}.like("reports"),
    KeyRow{"query", FieldType::code, Need::optional, "One statement; `$1`, `$2` stand for `params`.",
           "문장 하나. `$1`, `$2`는 `params`를 가리킵니다."}
        .like("SELECT count(*) AS n FROM orders WHERE day = $1"),
    KeyRow{
        "params", FieldType::tree, Need::optional,
        "Values bound to $1, $2; a text that is exactly one `${}` keeps its type, a list of plain values is an array, a map is JSON.",
        "$1, $2에 바인딩되는 값. `${}` 하나로만 된 값은 자료형을 유지하고, 단순 값의 목록은 배열, 맵은 JSON이 됩니다."}
        .like(R"(["${vars.day}"])"),
    {"script", FieldType::code, Need::optional, "Several statements, sent one at a time in one transaction.",
     "여러 문장. 한 트랜잭션 안에서 하나씩 보냅니다."},
    {"file", FieldType::path, Need::optional, "As `script`, from a file.", "`script`와 같으며, 파일에서 읽습니다."},
    KeyRow{"transaction", FieldType::text, Need::optional, "`none`: for what cannot run in a transaction.",
           "`none`: 트랜잭션 안에서 실행할 수 없는 문장에 씁니다."}
        .one_of("none"),
}};

// libpq's own words (PostgreSQL 15, section 34.1.2).
constexpr std::string_view libpq_en = "libpq's connection parameter of this name.", libpq_ko = "같은 이름의 libpq 연결 매개변수.";
constexpr KeyRow libpq(std::string_view name, FieldType type = FieldType::text) {
  return {name, type, Need::optional, libpq_en, libpq_ko};
}
constexpr std::array connection_keys{libpq("service"),
                                     libpq("host"),
                                     libpq("hostaddr"),
                                     libpq("port"),
                                     libpq("dbname"),
                                     libpq("user"),
                                     libpq("password"),
                                     libpq("passfile", FieldType::path),
                                     libpq("options"),
                                     libpq("sslmode"),
                                     libpq("sslrootcert", FieldType::path),
                                     libpq("sslcert", FieldType::path),
                                     libpq("sslkey", FieldType::path),
                                     libpq("sslpassword"),
                                     libpq("sslcrl", FieldType::path),
                                     libpq("sslcrldir", FieldType::path),
                                     libpq("sslsni"),
                                     libpq("ssl_min_protocol_version"),
                                     libpq("ssl_max_protocol_version"),
                                     libpq("channel_binding"),
                                     libpq("gssencmode"),
                                     libpq("krbsrvname"),
                                     libpq("gsslib"),
                                     libpq("requirepeer"),
                                     libpq("target_session_attrs"),
                                     libpq("keepalives"),
                                     libpq("keepalives_idle"),
                                     libpq("keepalives_interval"),
                                     libpq("keepalives_count"),
                                     libpq("tcp_user_timeout"),
                                     libpq("connect_timeout")};

constexpr std::array<ResultRow, 3> result{{
    {"rows", "list"},
    {"affected", "int", From::action, {}, true},
    {"duration", "duration", From::action, {}, true},
}};

constexpr std::array<Choice, 1> choices{{{Choice::Take::exactly_one, "query script file"}}};

constexpr std::array<std::string_view, 3> sources{"query", "script", "file"};

std::string literal(const Field& field) {
  const auto* value = std::get_if<Value>(&field.is);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  const auto* text = std::get_if<Text>(&field.is);
  return text != nullptr ? text->text.text() : std::string();
}

void check_statements(const Field& code, std::string_view source, Diagnostics& wrong) {
  const auto statements = split_statements(literal(code));
  if (statements.empty()) wrong.push_back(diagnose(messages::sql_no_statement, code.at));
  if (source == "query" && statements.size() > 1) wrong.push_back(diagnose(messages::sql_statements, code.at, statements.size()));
  for (const std::string& statement : statements) {
    if (const std::string word = transaction_control(statement); !word.empty())
      wrong.push_back(diagnose(messages::sql_control, code.at, word));
  }
}

void check(const Fields& fields, Place action, Diagnostics& wrong) {
  std::string_view source;
  for (const std::string_view each : sources) {
    const auto found = fields.find(each);
    if (found == fields.end()) continue;
    if (!source.empty()) wrong.push_back(diagnose(messages::sql_two_sources, found->second.at, source, each));
    source = each;
    if (each != "file") check_statements(found->second, each, wrong);
  }
  if (source.empty()) wrong.push_back(diagnose(messages::sql_no_statement, action));
  const auto params = fields.find("params");
  if (params != fields.end() && fields.find("query") == fields.end())
    wrong.push_back(diagnose(messages::sql_params, params->second.at));
  const auto transaction = fields.find("transaction");
  if (transaction != fields.end() && literal(transaction->second) != "none")
    wrong.push_back(diagnose(messages::sql_transaction, transaction->second.at));
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string describe(const Record& fields) {
  std::string line;
  if (const auto db = fields.find("db"); db != fields.end()) line = to_text(db->second) + ": ";
  for (const std::string_view source : sources) {
    const auto found = fields.find(source);
    if (found != fields.end()) return line + one_line(to_text(found->second));
  }
  return line;
}

// Outside a transaction nothing can be held to reading.
Effect effect(const Fields& fields) { return fields.find("transaction") == fields.end() ? Effect::reads : Effect::changes; }

// A transaction is rolled back, unless the server says that it was committed.
Aftermaths aftermaths(const Fields& fields) {
  if (fields.contains("transaction")) return {};
  return {Aftermath::nothing, Aftermath::nothing, Aftermath::known};
}

}  // namespace

const ActionKind sql_kind{
    "sql",
    "Runs SQL in a PostgreSQL database; without `changes` in a read-only transaction.",
    "PostgreSQL에서 SQL을 실행합니다. `changes`가 없으면 읽기 전용 트랜잭션입니다.",
    {},
    keys,
    connection_keys,
    result,
    "affected >= 0",  // no error: then there is a number
    check,
    describe,
    effect,
    false,
    choices,
    aftermaths,
};

}  // namespace runbook
