#include "action/http.h"
#include "action/http_change.h"
#include "action/http_request.h"
#include "action/http_result.h"
#include "net/net.h"

namespace runbook {
namespace {

AttemptResult ended(const AttemptContext& context, Outcome outcome, Instant started, std::string remark) {
  AttemptResult result;
  result.outcome = outcome;
  result.started = started;
  result.ended = context.loop.now();
  result.remark = std::move(remark);
  return result;
}

class HttpAttempt final : public ActiveAttempt {
 public:
  explicit HttpAttempt(AttemptContext context) : context_(std::move(context)), started_(context_.loop.now()) {}
  HttpAttempt(const HttpAttempt&) = delete;
  HttpAttempt& operator=(const HttpAttempt&) = delete;

  void send(Http& http, HttpRequest request) {
    exchange_ = http.send(std::move(request), [this](HttpResponse response) { report(result_of(std::move(response))); });
  }
  // Ends it without having sent anything.
  void end(Outcome outcome, std::string remark) {
    exchange_ = context_.loop.at(
        context_.loop.now(), [this, outcome, remark = std::move(remark)] { report(ended(context_, outcome, started_, remark)); });
  }

  void go_on() override {}
  void cancel(CancelReason reason) override {
    if (exchange_ == nullptr) return;
    end(reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled, {});
  }

 private:
  AttemptResult result_of(HttpResponse response) const {
    using End = HttpResponse::End;
    if (response.end == End::timed_out) return ended(context_, Outcome::timed_out, started_, {});
    if (response.end == End::impossible) return ended(context_, Outcome::could_not_start, started_, response.why);
    AttemptResult result = ended(context_, Outcome::completed, started_, response.why);
    result.result["duration"] = result.ended - result.started;
    if (response.end == End::failed) nothing_came(response.why, result);
    else take_answer(std::move(response), result);
    return result;
  }
  void report(AttemptResult result) {
    exchange_.reset();
    const auto tell = std::exchange(context_.report, nullptr);
    tell(std::move(result));
  }

  AttemptContext context_;
  Instant started_;
  Handle exchange_;  // what will report: the request, or a timer; none: it has been reported
};

class HttpExecutor final : public Executor {
 public:
  explicit HttpExecutor(int supervisor) : changes_(make_http_change_executor(supervisor)) {}

  Result<Stamp, Failure> prepare(const AttemptContext& context) override { return changes_->prepare(context); }
  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    if (context.changes_something) return changes_->start(std::move(context));
    Loop& loop = context.loop;
    auto request = make_request(context);
    auto attempt = std::make_unique<HttpAttempt>(std::move(context));
    if (!request) {
      attempt->end(Outcome::could_not_start, request.error());
    } else if (const auto loaded = load(loop); !loaded) {
      attempt->end(Outcome::could_not_start, loaded.error());
    } else {
      attempt->send(*http_, std::move(*request));
    }
    return attempt;
  }
  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override {
    if (context.changes_something) return changes_->recover(std::move(context));
    auto attempt = std::make_unique<HttpAttempt>(std::move(context));
    attempt->end(Outcome::not_started, {});  // what only read is simply done again
    return attempt;
  }

 private:
  Result<void, Failure> load(Loop& loop) {
    if (http_ != nullptr) return {};
    const auto net = load_net();
    if (!net) return failure(net.error());
    http_ = (*net)->http(loop);
    return {};
  }
  std::unique_ptr<Executor> changes_;
  std::unique_ptr<Http> http_;  // one for all attempts: they share the loop
};

}  // namespace

std::unique_ptr<Executor> make_http_executor(int supervisor) { return std::make_unique<HttpExecutor>(supervisor); }

}  // namespace runbook
