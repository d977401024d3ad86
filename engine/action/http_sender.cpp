#include "action/http_sender.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/json.h"
#include "base/safe_file.h"
#include "net/net.h"

namespace runbook {
namespace {

constexpr std::size_t largest_errand = std::size_t{64} << 20U;
constexpr std::array<std::string_view, 4> ends{"answered", "failed", "impossible", "timed_out"};

Value pairs(const HttpHeaders& headers) {
  Value::List out;
  for (const auto& [name, value] : headers) out.push_back(Value::List{name, value});
  return out;
}

HttpHeaders headers_of(const Value* list) {
  HttpHeaders out;
  if (list == nullptr || list->list() == nullptr) return out;
  for (const auto& pair : *list->list())
    if (const auto* both = pair.list(); both && both->size() == 2) out.emplace_back(to_text((*both)[0]), to_text((*both)[1]));
  return out;
}

std::string text(const Value& from, std::string_view name) {
  const auto* found = from.find(name);
  return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
}
bool truth(const Value& from, std::string_view name) {
  const auto* found = from.find(name);
  return found != nullptr && *found == Value(true);
}

HttpRequest request_of(const Value& errand) {
  HttpRequest request;
  request.method = text(errand, "method");
  request.url = text(errand, "url");
  request.headers = headers_of(errand.find("headers"));
  if (const auto* body = errand.find("body"); body != nullptr && body->string() != nullptr) request.body = *body->string();
  request.ca = text(errand, "ca");
  request.certificate = text(errand, "certificate");
  request.key = text(errand, "key");
  request.proxies = {text(errand, "http_proxy"), text(errand, "https_proxy"), text(errand, "no_proxy")};
  if (truth(errand, "link_local")) request.link_local = HttpRequest::LinkLocal::allowed;
  return request;
}

bool mark_as_sent(const std::string& path, const std::string& nonce) {
  const auto slash = path.rfind('/');
  const Descriptor directory(::open(path.substr(0, slash).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory && write_durably(directory.get(), path.substr(slash + 1), nonce).has_value();
}

HttpResponse impossible(std::string why) {
  HttpResponse response;
  response.end = HttpResponse::End::impossible;
  response.why = std::move(why);
  return response;
}

HttpResponse send(const Value& errand) {
  const auto net = load_net();
  if (!net) return impossible(net.error());
  const auto loop = make_loop();
  const auto http = (*net)->http(*loop);
  HttpRequest request = request_of(errand);
  request.deadline = loop->now() + std::chrono::hours(24 * 365);  // the supervisor keeps the step's
  request.before_sending = [&errand] { return mark_as_sent(text(errand, "mark"), text(errand, "nonce")); };
  HttpResponse response;
  const auto exchange = http->send(std::move(request), [&](HttpResponse came) {
    response = std::move(came);
    loop->stop();
  });
  loop->run();
  return response;
}

std::string encode_answer(const HttpResponse& response) {
  return to_json(Value::Map{{"end", ends[static_cast<std::size_t>(response.end)]},
                            {"sent", response.sent},
                            {"status", std::int64_t{response.status}},
                            {"headers", pairs(response.headers)},
                            {"capped", response.capped},
                            {"why", response.why}});
}

}  // namespace

std::string encode_errand(const HttpRequest& request, const std::string& mark, const std::string& nonce) {
  Value::Map errand{{"method", request.method},
                    {"url", request.url},
                    {"headers", pairs(request.headers)},
                    {"ca", request.ca},
                    {"certificate", request.certificate},
                    {"key", request.key},
                    {"http_proxy", request.proxies.http},
                    {"https_proxy", request.proxies.https},
                    {"no_proxy", request.proxies.except},
                    {"link_local", request.link_local == HttpRequest::LinkLocal::allowed},
                    {"mark", mark},
                    {"nonce", nonce}};
  if (request.body) errand.emplace("body", *request.body);
  return to_json(errand);
}

Result<HttpResponse, std::string> decode_answer(std::string_view line) {
  const auto answer = parse_json(line);
  if (!answer) return failure(answer.error());
  HttpResponse response;
  const auto end = std::find(ends.begin(), ends.end(), text(*answer, "end"));
  if (end == ends.end()) return failure(std::string("it does not say how the request ended"));
  response.end = static_cast<HttpResponse::End>(end - ends.begin());
  if (const auto* status = answer->find("status"); status && status->integer())
    response.status = static_cast<int>(*status->integer());
  response.headers = headers_of(answer->find("headers"));
  response.capped = truth(*answer, "capped");
  response.sent = truth(*answer, "sent");
  response.why = text(*answer, "why");
  return response;
}

int send_http_request() {
  std::signal(SIGPIPE, SIG_IGN);
  const auto bytes = read_all(0, largest_errand);
  const auto errand = bytes ? parse_json(*bytes) : Result<Value, std::string>(failure(bytes.error()));
  const auto response = errand ? send(*errand) : impossible(errand.error());
  const bool written = write_all(1, response.body).has_value() && write_all(2, encode_answer(response) + "\n").has_value();
  return written ? 0 : 1;
}

}  // namespace runbook
