#include "net/curl_transfer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "base/invariant.h"
#include "net/forbidden_address.h"

namespace runbook {
namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "example.org:443": without what may be a secret (user, path, query).
std::string authority(const std::string& url) {
  const auto start = url.find("://");
  const std::string rest = start == std::string::npos ? url : url.substr(start + 3);
  const std::string whole = rest.substr(0, rest.find_first_of("/?#"));
  return whole.substr(whole.rfind('@') + 1);  // npos + 1 is 0
}

}  // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLoop> curl, const HttpRequest& request, std::function<void(HttpResponse)> done)
    : curl_(std::move(curl)),
      request_(request),
      done_(std::move(done)),
      easy_(::curl_easy_init()) {
  invariant(easy_ != nullptr, "curl has memory for a request");
  set_request();
  set_safety();
  set_trust();
  curl_->add(easy_, [this](CURLcode code) { ended(code); });
}

CurlTransfer::~CurlTransfer() {
  curl_->remove(easy_);
  ::curl_easy_cleanup(easy_);
  ::curl_slist_free_all(headers_);
}

void CurlTransfer::set_request() {
  ::curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  if (request_.method == "HEAD") {
    ::curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (request_.body || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH") {
    const std::string& body = request_.body ? *request_.body : std::string();
    ::curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    ::curl_easy_setopt(easy_, CURLOPT_COPYPOSTFIELDS, body.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  } else {
    ::curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  headers_ = ::curl_slist_append(headers_, "Expect:");  // with it, a 417 makes curl send the body again
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    has_type = has_type || lower(name) == "content-type";
    headers_ = ::curl_slist_append(headers_, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  if (!has_type) headers_ = ::curl_slist_append(headers_, "Content-Type:");  // or curl calls every body a form
  ::curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  ::curl_easy_setopt(easy_, CURLOPT_USERAGENT, "runbook");
  ::curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  ::curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  ::curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  ::curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  ::curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
}

void CurlTransfer::set_safety() {
  ::curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);  // on a reused one curl sent a POST twice
  ::curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
  ::curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // or the end of a request waits for DNS to give up
  ::curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  ::curl_easy_setopt(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  ::curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, 86'400'000L);  // not its five minutes: the deadline is ours
  ::curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open_socket);
  ::curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  ::curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_connected);
  ::curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  if (request_.method != "GET" && request_.method != "HEAD") {
    ::curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION,
                       static_cast<long>(CURL_HTTP_VERSION_1_1));  // a refused HTTP/2 stream is sent again
  }
  const bool tls = lower(request_.url.substr(0, 6)) == "https:";
  const std::string& proxy = tls ? request_.proxies.https : request_.proxies.http;
  ::curl_easy_setopt(easy_, CURLOPT_PROXY, proxy.c_str());  // empty: none, whatever the environment says
  ::curl_easy_setopt(easy_, CURLOPT_NOPROXY, request_.proxies.except.c_str());
  ::curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  ::curl_easy_setopt(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // ours are not for the proxy
}

void CurlTransfer::set_trust() {
  ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request_.ca.empty()) {
    ::curl_easy_setopt(easy_, CURLOPT_CAINFO, request_.ca.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);  // that authority, and no other
  }
  if (!request_.certificate.empty()) ::curl_easy_setopt(easy_, CURLOPT_SSLCERT, request_.certificate.c_str());
  if (!request_.key.empty()) ::curl_easy_setopt(easy_, CURLOPT_SSLKEY, request_.key.c_str());
}

std::size_t CurlTransfer::on_header(char* bytes, std::size_t, std::size_t count, void* me) {
  auto& self = *static_cast<CurlTransfer*>(me);
  HttpResponse& response = self.response_;
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) {
    response.headers.clear();  // what came before was interim (100, 103)
    self.headers_whole_ = false;
  }
  if (trimmed(line).empty()) self.headers_whole_ = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with("HTTP/")) return count;
  const std::string name = lower(trimmed(line.substr(0, colon)));
  const std::string_view value = trimmed(line.substr(colon + 1));
  for (auto& [known, text] : response.headers) {
    if (known != name) continue;
    text.append(", ").append(value);
    return count;
  }
  response.headers.emplace_back(name, value);
  return count;
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t, std::size_t count, void* me) {
  auto& self = *static_cast<CurlTransfer*>(me);
  const std::size_t room = self.request_.body_limit - self.response_.body.size();
  self.response_.body.append(bytes, std::min(room, count));
  self.response_.capped = count > room;
  return self.response_.capped ? 0 : count;  // 0 breaks it off
}

int CurlTransfer::on_connected(void* me, char*, char*, int, int) {
  auto& self = *static_cast<CurlTransfer*>(me);
  if (self.request_.before_sending && !self.request_.before_sending()) return CURL_PREREQFUNC_ABORT;
  self.response_.sent = true;
  return CURL_PREREQFUNC_OK;
}

curl_socket_t CurlTransfer::on_open_socket(void* me, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<CurlTransfer*>(me);
  if (self.request_.link_local == HttpRequest::LinkLocal::refused && is_link_local(address->addr)) {
    self.forbidden_ = numeric(address->addr);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void CurlTransfer::ended(CURLcode code) {
  long status = 0;
  ::curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  const char* redirect = nullptr;
  ::curl_easy_getinfo(easy_, CURLINFO_REDIRECT_URL, &redirect);
  if (redirect != nullptr) redirect_ = redirect;
  if (response_.capped || (code == CURLE_OK && headers_whole_)) {
    response_.end = HttpResponse::End::answered;
  } else {
    const bool hopeless = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || !forbidden_.empty();
    response_.end = hopeless ? HttpResponse::End::impossible : HttpResponse::End::failed;
    response_.why = reason(code);
  }
  const auto tell = std::move(done_);
  tell(std::move(response_));
}

std::string CurlTransfer::reason(CURLcode code) const {
  const std::string where = authority(request_.url);
  if (code == CURLE_ABORTED_BY_CALLBACK && !response_.sent)
    return fmt::format("{}: connected, and nothing was sent: that it is sent could not be recorded on disk", where);
  if (!forbidden_.empty()) {
    return fmt::format("{}: {} is a link-local or metadata address (`allow_link_local: true` in the connection allows it)", where,
                       forbidden_);
  }
  if (code == CURLE_PARTIAL_FILE) { return fmt::format("{}: the answer broke off after {} bytes", where, response_.body.size()); }
  if (code == CURLE_OK) return fmt::format("{}: the answer broke off within its headers", where);
  const std::string why = error_[0] != '\0' ? error_ : ::curl_easy_strerror(code);
  long error = 0;
  ::curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &error);
  if (code == CURLE_COULDNT_CONNECT && error != 0) return fmt::format("{}: {}", where, std::strerror(static_cast<int>(error)));
  return fmt::format("{}: {}", where, why);
}

}  // namespace runbook
