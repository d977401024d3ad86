#include "action/http_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/percent.h"

namespace runbook {
namespace {

const Value* find(const Record& record, std::string_view name) {
  const auto found = record.find(name);
  return found == record.end() || found->second.is_null() ? nullptr : &found->second;
}

std::string text_in(const Record& record, std::string_view name) {
  const Value* value = find(record, name);
  return value == nullptr ? std::string() : to_text(*value);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The step's own path, a slash, and what the connection begins with: the host is always the connection's.
Result<std::string, Failure> join(std::string base, const std::string& path) {
  if (is_absolute_url(path)) return failure(Failure("with `base` the URL is a path: the base's credentials stay with its host"));
  if (!is_absolute_url(base))
    return failure(fmt::format("the connection's url `{}` does not begin with http:// or https://", base));
  if (base.find_first_of("?#") != std::string::npos)
    return failure(Failure("the connection's url holds a query: it belongs into the step"));
  while (base.ends_with('/')) base.pop_back();
  return path.empty() || path[0] == '/' || path[0] == '?' ? base + path : base + "/" + path;
}

Result<std::string, Failure> with_query(std::string url, const Value& query) {
  const auto* members = query.map();
  if (members == nullptr) return failure(Failure("`query` is a map of names and values"));
  std::string fragment;
  if (const auto hash = url.find('#'); hash != std::string::npos) {
    fragment = url.substr(hash);
    url.resize(hash);
  }
  for (const auto& [name, value] : *members) {
    const Value::List one{value};
    const auto* list = value.list();
    for (const Value& each : list != nullptr ? *list : one) {
      if (each.is_null() || each.list() || each.map())
        return failure(fmt::format("`query.{}` is no text: {}", to_text(name), to_json(each)));
      const char* separator = url.find('?') == std::string::npos ? "?" : "&";
      url += separator + percent_encode(to_text(name)) + "=" + percent_encode(to_text(each));
    }
  }
  return url + fragment;
}

bool has_header(const HttpHeaders& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const auto& header) { return lower(header.first) == name; });
}

void set_headers(HttpHeaders& headers, const Value* map) {
  if (map == nullptr || map->map() == nullptr) return;
  for (const auto& [name, value] : *map->map()) {
    const std::string key = to_text(name);
    std::erase_if(headers, [&key](const auto& known) {
      return lower(known.first) == lower(key);
    });  // the step's goes before the connection's
    headers.emplace_back(key, to_text(value));
  }
}

void set_body(HttpRequest& request, const Record& fields) {
  const Value* json = find(fields, "json");
  if (const auto written = fields.find("json"); written != fields.end()) json = &written->second;  // null is a body too
  const Value* text = find(fields, "text");
  if (json == nullptr && text == nullptr) return;
  request.body = json != nullptr ? to_json(*json) : to_text(*text);
  if (!has_header(request.headers, "content-type"))
    request.headers.emplace_back("Content-Type", json != nullptr ? "application/json" : "text/plain; charset=utf-8");
}

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.empty() || path[0] == '/' ? path : cwd + "/" + path;
}

HttpProxies proxies_of(const AttemptContext& context) {
  if (const std::string proxy = text_in(context.connection, "proxy"); !proxy.empty()) return {proxy, proxy, {}};
  const auto first_of = [&context](std::initializer_list<std::string_view> names) -> std::string {
    for (const std::string_view name : names) {
      for (const auto& [known, value] : context.environment) {
        if (known == name && !value.empty()) return value;
      }
    }
    return {};
  };
  // Not HTTP_PROXY: under CGI a client's header `Proxy:` arrives by that name (CVE-2016-5385).
  return {first_of({"http_proxy", "all_proxy", "ALL_PROXY"}), first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
          first_of({"no_proxy", "NO_PROXY"})};
}

}  // namespace

bool is_absolute_url(std::string_view url) {
  const std::string start = lower(std::string(url.substr(0, 8)));
  return start.starts_with("http://") || start.starts_with("https://");
}

Result<HttpRequest, Failure> make_request(const AttemptContext& context) {
  HttpRequest request;
  std::string url;
  for (const std::string_view verb : http_verbs) {
    if (const Value* value = find(context.fields, verb)) {
      request.method = verb;
      url = to_text(*value);
    }
  }
  std::transform(request.method.begin(), request.method.end(), request.method.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (find(context.connection, "url") != nullptr) {
    auto joined = join(text_in(context.connection, "url"), url);
    if (!joined) return failure(joined.error());
    url = *joined;
  } else if (!is_absolute_url(url)) {
    return failure(fmt::format("`{}` does not begin with http:// or https://", url));
  }
  if (const Value* query = find(context.fields, "query")) {
    auto whole = with_query(url, *query);
    if (!whole) return failure(whole.error());
    url = *whole;
  }
  request.url = url;
  set_headers(request.headers, find(context.connection, "headers"));
  set_headers(request.headers, find(context.fields, "headers"));
  if (!context.stamp.idempotency_key.empty() && !has_header(request.headers, "idempotency-key"))
    request.headers.emplace_back("Idempotency-Key", context.stamp.idempotency_key);
  set_body(request, context.fields);
  if (const Value* redirects = find(context.fields, "redirects"); redirects && redirects->integer()) {
    request.redirects = static_cast<unsigned>(std::clamp<std::int64_t>(*redirects->integer(), 0, 50));
  }
  request.ca = absolute(text_in(context.connection, "ca"), context.cwd);
  request.certificate = absolute(text_in(context.connection, "cert"), context.cwd);
  request.key = absolute(text_in(context.connection, "key"), context.cwd);
  request.proxies = proxies_of(context);
  if (text_in(context.connection, "allow_link_local") == "true") request.link_local = HttpRequest::LinkLocal::allowed;
  request.deadline = context.deadline;
  return request;
}

}  // namespace runbook
