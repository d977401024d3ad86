// Tells the channels of `notify` what the state says that they are owed. A channel that does not answer holds nothing up: it is
// tried a few times beside the run, given up, and that is recorded.
#pragma once
#include "drive/secrets.h"
#include "net/http.h"
#include "run/state.h"

namespace runbook {

class Notifier {
 public:
  struct Parts {
    Loop& loop;
    std::function<Result<Http*, Failure>()> http;  // called for the first notice, and then for each
    std::function<const State&()> state;
    std::function<Value(const Channel&, const News&)> message;     // the JSON that is sent
    std::function<void(Notified)> told;                            // to be recorded; the state then owes it no more
    std::vector<std::pair<std::string, std::string>> environment;  // for proxies, and commands that print secrets
    Duration patience{};  // how long a question that somebody at the terminal can answer stays here
  };
  explicit Notifier(Parts parts);
  // Sends what is due and not on its way. After every change of the state.
  void look();
  bool is_idle() const;  // nothing is owed
  // Whatever is still owed is recorded as not delivered.
  void give_up();

 private:
  // One channel: one notice at a time, in the order in which things happened.
  struct Line {
    std::int64_t of = 0;  // the news on its way or just told; 0: none
    int tries = 0;
    bool is_dead = false;  // the last notice was given up: one try for the next
    Handle exchange;
    Timer pause;
    std::string why;
  };
  const Plan& plan() const { return parts_.state().plan(); }
  const News* next(std::int64_t channel) const;
  Instant due(const News& news) const;
  void send(std::int64_t channel);
  Result<HttpRequest, Failure> request_for(const Channel& channel, const News& news);
  void answered(std::int64_t channel, const HttpResponse& response);
  void end(std::int64_t channel, bool delivered, std::string why);

  Parts parts_;
  Secrets secrets_;
  std::vector<Line> lines_;  // one a channel
};

}  // namespace runbook
