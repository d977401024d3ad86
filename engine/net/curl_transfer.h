// One request on one fresh connection: no redirect, no repetition. What is above it decides whether there is another one.
#pragma once
#include "net/curl_loop.h"
#include "net/http.h"

namespace runbook {

class CurlTransfer {
 public:
  // `done` is called outside curl, never inside the constructor; not after destruction. `request.deadline` and `.redirects`
  // are the caller's business.
  CurlTransfer(std::shared_ptr<CurlLoop> curl, const HttpRequest& request, std::function<void(HttpResponse)> done);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();
  const std::string& redirect() const { return redirect_; }  // where an answer of 3xx leads, absolute; empty: nowhere

 private:
  static std::size_t on_header(char* bytes, std::size_t one, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t one, std::size_t count, void* self);
  static int on_connected(void* self, char* remote, char* local, int remote_port, int local_port);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_request();
  void set_safety();
  void set_trust();
  void ended(CURLcode code);
  std::string reason(CURLcode code) const;

  std::shared_ptr<CurlLoop> curl_;
  const HttpRequest request_;
  std::function<void(HttpResponse)> done_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  char error_[CURL_ERROR_SIZE] = {};
  HttpResponse response_;
  bool headers_whole_ = false;  // the empty line after the last status has come: curl is content without it
  std::string redirect_;
  std::string forbidden_;  // the link-local address that it was about to connect to
};

}  // namespace runbook
