#include "net/curl_loop.h"

#include <vector>

#include "base/invariant.h"

namespace runbook {

CurlLoop::CurlLoop(Loop& loop) : loop_(loop), multi_(::curl_multi_init()) {
  invariant(multi_ != nullptr, "curl has memory for its handle");
  ::curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  ::curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  ::curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  ::curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
  for (const auto& [easy, ended] : transfers_) ::curl_multi_remove_handle(multi_, easy);
  ::curl_multi_cleanup(multi_);
}

void CurlLoop::add(CURL* easy, Ended ended) {
  transfers_[easy] = std::move(ended);
  ::curl_multi_add_handle(multi_, easy);  // does nothing yet but ask for its timer
}

void CurlLoop::remove(CURL* easy) {
  if (transfers_.erase(easy) != 0) ::curl_multi_remove_handle(multi_, easy);
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* me, void*) {
  auto& self = *static_cast<CurlLoop*>(me);
  self.watches_.erase(socket);  // before curl closes it: its number is soon another's
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE) return 0;
  const Interest interest = what == CURL_POLL_IN ? Interest::read : what == CURL_POLL_OUT ? Interest::write : Interest::both;
  const int ready = what == CURL_POLL_IN    ? CURL_CSELECT_IN
                    : what == CURL_POLL_OUT ? CURL_CSELECT_OUT
                                            : 0;  // 0: curl looks itself
  self.watches_[socket] = self.loop_.watch(socket, interest, [weak = self.weak_from_this(), socket, ready] {
    if (const auto alive = weak.lock()) alive->act(socket, ready);
  });
  return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* me) {
  auto& self = *static_cast<CurlLoop*>(me);
  self.timer_.reset();
  if (milliseconds < 0) return 0;
  self.timer_ = self.loop_.at(self.loop_.now() + std::chrono::milliseconds(milliseconds), [weak = self.weak_from_this()] {
    if (const auto alive = weak.lock()) alive->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlLoop::act(curl_socket_t socket, int ready) {
  int running = 0;
  ::curl_multi_socket_action(multi_, socket, ready, &running);
  std::vector<std::pair<CURL*, CURLcode>> ended;
  int left = 0;
  while (const CURLMsg* message = ::curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) ended.emplace_back(message->easy_handle, message->data.result);
  }
  for (const auto& [easy, code] : ended) {
    const auto found = transfers_.find(easy);
    if (found == transfers_.end()) continue;  // removed by the one before it
    const Ended tell = found->second;
    remove(easy);
    tell(code);
  }
}

}  // namespace runbook
