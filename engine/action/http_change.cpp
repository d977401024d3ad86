// A change by HTTP happens at most once unless the step is `rerun: safe`. What is known about a request:
//   not_sent    no connection, no TLS: nothing has happened, and it may be tried again
//   maybe_sent  the mark is on disk, and no whole answer came: in doubt
//   answered    its status counts; 408, 502, 503 and 504 say nothing about the change: in doubt, unless `expect` holds
#include "action/http_change.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "action/attempt_files.h"
#include "action/http_request.h"
#include "action/http_result.h"
#include "action/http_sender.h"
#include "base/digest.h"

namespace runbook {
namespace {

std::string mark_of(const AttemptContext& context) { return attempt_file(context, "sent"); }

bool may_be_sent(const AttemptContext& context) {
  const auto mark = open_beneath(context.directory, mark_of(context), O_RDONLY);
  return mark.has_value() || ::faccessat(context.directory, mark_of(context).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<Command, Failure> command_of(const AttemptContext& context) {
  auto request = make_request(context);
  if (!request) return failure(request.error());
  Command command;
  command.is_ours = true;
  command.arguments = {"runbook", std::string(http_sender_word)};
  command.input = encode_errand(*request, context.directory_path + "/" + mark_of(context), context.stamp.nonce);
  return command;
}

bool says_nothing_of_the_change(int status) { return status == 408 || status == 502 || status == 503 || status == 504; }
bool is_gone(int status) { return status == 404 || status == 410; }

Report in_doubt(std::string why, Record facts) {
  facts["phase"] = "maybe_sent";
  return InDoubt{std::move(why), std::move(facts)};
}

Report answered(const AttemptContext& context, HttpResponse response, AttemptResult result) {
  const int status = response.status;
  take_answer(std::move(response), result);
  result.facts["phase"] = "answered";
  if (says_nothing_of_the_change(status))
    result.doubt = fmt::format("it was sent and answered with {}: whether it was carried out, the answer does not say", status);
  if (context.repeats_doubt && is_gone(status) && context.fields.contains("delete")) {
    result.done_before = true;
    result.remark = fmt::format("{}: it is not there any more", status);
  }
  return result;
}

// Certain: no byte of the request has left.
Report not_sent(const HttpResponse& response, AttemptResult result) {
  result.facts["phase"] = "not_sent";
  result.remark = response.why;
  if (response.end == HttpResponse::End::impossible) {
    result.outcome = Outcome::could_not_start;
    return result;
  }
  nothing_came(response.why, result);
  result.clean = false;
  result.unchanged = true;
  return result;
}

Report report_of_sender(const AttemptContext& context, const ExitRecord& record, const KeptStream& out, const KeptStream& err) {
  auto report = report_of(record, out, err);
  auto* ended = std::get_if<AttemptResult>(&report);
  if (record.ending == Ending::never_ran || ended == nullptr) return report;
  AttemptResult result;
  result.outcome = ended->outcome;
  result.started = ended->started;
  result.ended = ended->ended;
  if (const auto duration = ended->result.find("duration"); duration != ended->result.end())
    result.result["duration"] = duration->second;
  auto response = decode_answer(err.bytes);
  if (!response) {  // it was ended, by its deadline or by a stop, or it fell
    const char* ending = result.outcome == Outcome::timed_out   ? "no whole answer came before its deadline"
                         : result.outcome == Outcome::cancelled ? "it was cancelled before a whole answer came"
                                                                : "the process that sent it ended without a word";
    if (may_be_sent(context)) return in_doubt(fmt::format("the request was sent; {}", ending), std::move(result.facts));
    if (result.outcome == Outcome::completed) result.outcome = Outcome::not_started;
    result.result.clear();
    result.facts["phase"] = "not_sent";
    result.remark = "nothing was sent";
    result.unchanged = true;
    return result;
  }
  result.outcome = Outcome::completed;  // a deadline that came after the answer has nothing to say
  if (response->end != HttpResponse::End::answered) {
    if (!response->sent) return not_sent(*response, std::move(result));
    if (response->status != 0) result.facts["status"] = std::int64_t{response->status};
    return in_doubt(fmt::format("the request was sent, and no whole answer came: {}", response->why), std::move(result.facts));
  }
  response->body = out.bytes;
  if (record.out.state != StreamRecord::State::whole) response->capped = true;
  return answered(context, std::move(*response), std::move(result));
}

constexpr SupervisedKind kind{command_of, report_of_sender, may_be_sent};

// One key for one change, however often it has to be sent until there is an answer.
class HttpChangeExecutor final : public Executor {
 public:
  explicit HttpChangeExecutor(int supervisor) : supervised_(make_supervised_executor(supervisor, kind)) {}

  Result<Stamp, Failure> prepare(const AttemptContext& context) override {
    auto stamp = supervised_->prepare(context);
    if (stamp) stamp->idempotency_key = context.idempotency_key.empty() ? random_hex(16) : context.idempotency_key;
    return stamp;
  }
  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override { return supervised_->start(std::move(context)); }
  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override { return supervised_->recover(std::move(context)); }

 private:
  std::unique_ptr<Executor> supervised_;
};

}  // namespace

std::unique_ptr<Executor> make_http_change_executor(int supervisor) { return std::make_unique<HttpChangeExecutor>(supervisor); }

}  // namespace runbook
