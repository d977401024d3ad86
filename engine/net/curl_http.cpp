#include "net/curl_http.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "net/curl_transfer.h"
#include "net/forbidden_address.h"

namespace runbook {
namespace {

struct Url {
  std::string scheme, host, port;
  bool same_origin(const Url& other) const { return scheme == other.scheme && host == other.host && port == other.port; }
};

// As curl will read it (it also knows 0xA9FEA9FE for an address). The error is a sentence.
Result<Url, Failure> parse_url(const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)> url(::curl_url(), &::curl_url_cleanup);
  if (const CURLUcode code = ::curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0); code != CURLUE_OK) {
    return failure(fmt::format("this is no URL: {}", ::curl_url_strerror(code)));
  }
  const auto part = [&url](CURLUPart which) {
    char* value = nullptr;
    ::curl_url_get(url.get(), which, &value, CURLU_DEFAULT_PORT);
    const std::unique_ptr<char, decltype(&::curl_free)> owner(value, &::curl_free);
    return std::string(value == nullptr ? "" : value);
  };
  Url parsed{part(CURLUPART_SCHEME), part(CURLUPART_HOST), part(CURLUPART_PORT)};
  std::transform(parsed.host.begin(), parsed.host.end(), parsed.host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (parsed.scheme != "http" && parsed.scheme != "https")
    return failure(fmt::format("only http and https, not {}", parsed.scheme));
  return parsed;
}

bool equal_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// RFC 9110: a token, and a value without the characters that would begin another header or request.
std::string wrong_header(const HttpHeaders& headers) {
  constexpr std::string_view token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const auto& [name, value] : headers) {
    if (name.empty() || name.find_first_not_of(token) != std::string::npos)
      return fmt::format("`{}` is no name of a header", name);
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return fmt::format("header `{}` holds a line break", name);
  }
  return {};
}

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<CurlLoop> curl, HttpRequest request, std::function<void(HttpResponse)> done)
      : curl_(std::move(curl)),
        request_(std::move(request)),
        done_(std::move(done)) {}

  void begin() {
    deadline_ = curl_->loop().at(request_.deadline, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->end({HttpResponse::End::timed_out, 0, {}, {}, false, {}, false});
    });
    if (std::string wrong = wrong_header(request_.headers); !wrong.empty()) return refuse(std::move(wrong));
    send();
  }

 private:
  void send() {
    const auto url = parse_url(request_.url);
    if (!url) return refuse(url.error());
    if (request_.link_local == HttpRequest::LinkLocal::refused && is_link_local(url->host)) {  // a proxy would connect for us
      return refuse(fmt::format("{} is a link-local or metadata address (`allow_link_local: true` in the connection allows it)",
                                url->host));
    }
    origin_ = *url;
    transfer_ = std::make_unique<CurlTransfer>(curl_, request_, [this](HttpResponse response) { answered(std::move(response)); });
  }

  void answered(HttpResponse response) {
    const std::string next = transfer_->redirect();
    if (response.end == HttpResponse::End::answered && !next.empty() && request_.redirects > 0 &&
        (request_.method == "GET" || request_.method == "HEAD")) {
      return later([next](Exchange& self) { self.follow(next); });  // the transfer must not go while it calls us
    }
    later([response = std::move(response)](Exchange& self) mutable { self.end(std::move(response)); });
  }

  void follow(const std::string& next) {
    --request_.redirects;
    request_.url = next;
    request_.body.reset();
    if (const auto url = parse_url(next); url && !url->same_origin(origin_)) {
      std::erase_if(request_.headers, [](const auto& header) {
        return !(equal_names(header.first, "accept") || equal_names(header.first, "accept-language") ||
                 equal_names(header.first, "user-agent"));
      });
      request_.certificate.clear();
      request_.key.clear();
    }
    send();
  }

  void refuse(std::string why) {
    later([why = std::move(why)](Exchange& self) { self.end({HttpResponse::End::impossible, 0, {}, {}, false, why, false}); });
  }

  template <class What>
  void later(What what) {
    curl_->loop().post([weak = weak_from_this(), what = std::move(what)]() mutable {
      if (const auto self = weak.lock()) what(*self);
    });
  }

  void end(HttpResponse response) {
    if (!done_) return;
    deadline_.reset();
    transfer_.reset();
    const auto tell = std::exchange(done_, nullptr);
    tell(std::move(response));
  }

  std::shared_ptr<CurlLoop> curl_;
  HttpRequest request_;
  std::function<void(HttpResponse)> done_;
  Url origin_;
  Timer deadline_;
  std::unique_ptr<CurlTransfer> transfer_;
};

class CurlHttp final : public Http {
 public:
  explicit CurlHttp(Loop& loop) : curl_(std::make_shared<CurlLoop>(loop)) {}
  Handle send(HttpRequest request, std::function<void(HttpResponse)> done) override {
    auto exchange = std::make_shared<Exchange>(curl_, std::move(request), std::move(done));
    exchange->begin();
    return exchange;
  }

 private:
  std::shared_ptr<CurlLoop> curl_;
};

}  // namespace

std::unique_ptr<Http> make_curl_http(Loop& loop) {
  static const CURLcode once = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
  return std::make_unique<CurlHttp>(loop);
}

}  // namespace runbook
