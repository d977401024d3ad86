// HTTP as the engine needs it: one fresh connection for each request, nothing sent twice, a cap, a deadline.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loop/loop.h"

namespace runbook {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpProxies {
  std::string http, https;  // by the scheme of the request; empty: none
  std::string except;       // NO_PROXY's form: "localhost,.corp"
};

struct HttpRequest {
  std::string method = "GET";  // upper case
  std::string url;             // absolute; http or https
  HttpHeaders headers;
  std::optional<std::string> body;
  // Followed at most, for GET and HEAD. What may hold credentials (all headers but Accept* and User-Agent, the client
  // certificate) never leaves the first scheme, host and port.
  unsigned redirects = 0;
  std::string ca, certificate, key;  // files; an empty `ca` means the system's
  HttpProxies proxies;               // these and no others: the process's environment is not asked
  // 169.254/16, fe80::/10 and fd00:ec2::254: where clouds hand out credentials.
  enum class LinkLocal { refused, allowed } link_local = LinkLocal::refused;
  Instant deadline;
  // Called when the connection stands and nothing of the request has left yet; false breaks it off. Empty: always true.
  std::function<bool()> before_sending;
  std::size_t body_limit = std::size_t{8} << 20U;
};

struct HttpResponse {
  // answered: status and headers are there, the body is whole or `capped`. failed: nothing whole came back; `why` says why.
  // impossible: nothing was sent, and trying again is no use (bad URL, header with a line break).
  enum class End { answered, failed, impossible, timed_out } end = End::failed;
  int status = 0;
  HttpHeaders headers;  // names in lower case, each once; repeated ones joined by ", "
  std::string body;
  bool capped = false;  // the body went on; `body` is its beginning
  std::string why;
  bool sent = false;  // something of the request may have left: whoever is asked twice may do it twice
};

class Http {
 public:
  virtual ~Http() = default;
  // Dropping the handle breaks the request off; `done` is then not called.
  [[nodiscard]] virtual Handle send(HttpRequest request, std::function<void(HttpResponse)> done) = 0;
};

}  // namespace runbook
