// libcurl's multi interface on our loop: sockets become watches, its timeout a timer.
#pragma once
#include <curl/curl.h>

#include <functional>
#include <map>
#include <memory>

#include "loop/loop.h"

namespace runbook {

class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  using Ended = std::function<void(CURLcode)>;

  explicit CurlLoop(Loop& loop);
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;
  ~CurlLoop();

  Loop& loop() { return loop_; }
  // `ended` is called outside all of curl's callbacks, so it may remove and add. Removing forgets `ended`.
  void add(CURL* easy, Ended ended);
  void remove(CURL* easy);

 private:
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* unused);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  void act(curl_socket_t socket, int ready);

  Loop& loop_;
  CURLM* multi_;
  std::map<curl_socket_t, Watch> watches_;
  Timer timer_;
  std::map<CURL*, Ended> transfers_;
};

}  // namespace runbook
