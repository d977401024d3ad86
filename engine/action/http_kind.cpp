// The static side of `http`: its keys, its results, its line in a plan.
#include <algorithm>
#include <array>
#include <cctype>

#include "action/http.h"
#include "action/http_messages.h"
#include "action/http_request.h"
#include "base/json.h"

namespace runbook {
namespace {

using Need = KeyRow::Need;
using From = ResultRow::From;

constexpr std::array<KeyRow, 12> keys{{
    KeyRow{"base", FieldType::name, Need::optional, "A connection with a `url`; the verb's URL is then a path below it.",
           "`url`을 가진 연결. 이때 URL은 그 아래 경로입니다."}
        .like("api"),
    KeyRow{"get", FieldType::url, Need::optional, "GET this URL. `${}` in it is percent-encoded.",
           "이 URL을 GET 합니다. `${}`는 퍼센트 인코딩됩니다."}
        .like("/health"),
    {"head", FieldType::url, Need::optional, "HEAD of this URL.", "이 URL을 HEAD 합니다."},
    KeyRow{"post", FieldType::url, Need::optional, "POST to this URL.", "이 URL로 POST 합니다."}.like("/api/reload"),
    {"put", FieldType::url, Need::optional, "PUT to this URL.", "이 URL로 PUT 합니다."},
    {"patch", FieldType::url, Need::optional, "PATCH this URL.", "이 URL로 PATCH 합니다."},
    {"delete", FieldType::url, Need::optional, "DELETE this URL.", "이 URL을 DELETE 합니다."},
    KeyRow{"query", FieldType::tree, Need::optional,
           "Names and values of the URL's query, percent-encoded; a list repeats its name.",
           "URL 쿼리의 이름과 값. 퍼센트 인코딩되며, 목록이면 이름이 반복됩니다."}
        .like(R"({"limit": 10})"),
    {"headers", FieldType::text_map, Need::optional, "Headers of the request, beside the connection's.",
     "연결의 헤더에 더해지는 요청 헤더.", true},
    KeyRow{"json", FieldType::tree, Need::optional, "The body as JSON; a value that is exactly one `${}` keeps its type.",
           "JSON 본문. `${}` 하나로만 된 값은 자료형을 유지합니다.", true}
        .like(R"({"reason": "${vars.reason}"})"),
    {"text", FieldType::text, Need::optional, "The body as text.", "텍스트 본문."},
    KeyRow{"redirects", FieldType::integer, Need::optional, "Redirects followed at most, for get and head.",
           "get과 head가 따라갈 최대 리다이렉트 수."}
        .by_default("0"),
}};

constexpr std::array<KeyRow, 7> connection_keys{{
    KeyRow{"url", FieldType::text, Need::required, "The URL that steps' paths are appended to.", "단계의 경로가 뒤에 붙는 URL."}
        .like("http://collector:8080"),
    {"headers", FieldType::text_map, Need::optional, "Headers of every request; they never leave this scheme, host and port.",
     "모든 요청의 헤더. 이 스킴, 호스트, 포트 밖으로 나가지 않습니다."},
    {"ca", FieldType::path, Need::optional, "The only authority that is trusted; the system's by default.",
     "신뢰할 유일한 인증 기관. 기본값은 시스템의 것입니다."},
    {"cert", FieldType::path, Need::optional, "Client certificate (PEM).", "클라이언트 인증서(PEM)."},
    {"key", FieldType::path, Need::optional, "Its key (PEM).", "클라이언트 인증서의 키(PEM)."},
    {"proxy", FieldType::text, Need::optional, "Proxy for every request; by default as http_proxy, https_proxy and no_proxy say.",
     "모든 요청의 프록시. 기본값은 http_proxy, https_proxy, no_proxy를 따릅니다."},
    KeyRow{"allow_link_local", FieldType::boolean, Need::optional, "Allows 169.254/16, fe80::/10 and metadata addresses.",
           "169.254/16, fe80::/10, 메타데이터 주소를 허용합니다."}
        .by_default("false"),
}};

constexpr std::array<ResultRow, 5> result{{
    {"status", "int", From::action, {}, true},
    {"headers", "map"},
    {"text", "string"},
    {"json", "dyn", From::json_of, "text"},
    {"duration", "duration", From::action, {}, true},
}};

constexpr std::array<Choice, 2> choices{{
    {Choice::Take::exactly_one, "get head post put patch delete"},
    {Choice::Take::at_most_one, "json text"},
}};

// As written, up to the first `${}`.
std::string beginning(const Field& field) {
  if (const auto* value = std::get_if<Value>(&field.is)) return value->string() ? *value->string() : std::string();
  const auto* text = std::get_if<Text>(&field.is);
  if (text == nullptr) return {};
  return text->text.pieces().empty() ? text->text.text() : text->text.pieces()[0].literal;
}

void check_url(const Field& url, bool has_base, Diagnostics& wrong) {
  const std::string start = beginning(url);
  if (start.empty()) return;  // begins with a value: looked at when it is known
  if (has_base && is_absolute_url(start)) wrong.push_back(diagnose(messages::http_absolute, url.at));
  if (!has_base && !is_absolute_url(start)) wrong.push_back(diagnose(messages::http_relative, url.at));
}

// `json: '{"a": 1}'`: the service would get a text with an object in it, not an object.
bool is_json_in_text(const Field& json) {
  std::string_view text;
  if (const auto* value = std::get_if<Value>(&json.is); value != nullptr && value->string() != nullptr) text = *value->string();
  if (const auto* written = std::get_if<Text>(&json.is)) text = written->text.text();
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const auto json_of_values = text.find("${") != std::string_view::npos && text.substr(first).starts_with("{\"");
  return json_of_values || parse_json(text).has_value();
}

void check(const Fields& fields, Place action, Diagnostics& wrong) {
  const auto has = [&fields](std::string_view name) { return fields.find(name) != fields.end(); };
  std::string_view verb;
  for (const std::string_view each : http_verbs) {
    const auto found = fields.find(each);
    if (found == fields.end()) continue;
    if (!verb.empty()) wrong.push_back(diagnose(messages::http_two_verbs, found->second.at, verb, each));
    verb = each;
    check_url(found->second, has("base"), wrong);
  }
  if (verb.empty()) wrong.push_back(diagnose(messages::http_no_verb, action));
  if (has("json") && has("text")) wrong.push_back(diagnose(messages::http_two_bodies, fields.find("text")->second.at));
  if (has("json") && is_json_in_text(fields.find("json")->second))
    wrong.push_back(diagnose(messages::http_json_text, fields.find("json")->second.at)
                        .helped(phrase("write it as YAML, without quotes or `|`", "따옴표나 `|` 없이 YAML 로 쓰십시오")));
  if (has("redirects") && !verb.empty() && verb != "get" && verb != "head") {
    wrong.push_back(diagnose(messages::http_redirects, fields.find("redirects")->second.at));
  }
}

std::string describe(const Record& fields) {
  for (const std::string_view verb : http_verbs) {
    const auto found = fields.find(verb);
    if (found == fields.end()) continue;
    std::string line(verb);
    std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    line += ' ';
    if (const auto base = fields.find("base"); base != fields.end()) line += to_text(base->second) + ": ";
    return line + to_text(found->second);
  }
  return {};
}

Effect effect(const Fields& fields) {
  return fields.find("get") != fields.end() || fields.find("head") != fields.end() ? Effect::reads : Effect::changes;
}

// Once it was sent, only an answer tells.
Aftermaths aftermaths(const Fields&) { return {Aftermath::effects, Aftermath::doubt, Aftermath::doubt}; }

}  // namespace

const ActionKind http_kind{
    "http",
    "Sends one HTTP request.",
    "HTTP 요청 하나를 보냅니다.",
    {},
    keys,
    connection_keys,
    result,
    "status >= 200 && status <= 299",
    check,
    describe,
    effect,
    false,
    choices,
    aftermaths,
};

}  // namespace runbook
