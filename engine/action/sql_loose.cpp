#include <fmt/core.h>

#include "action/sql_attempt.h"
#include "action/sql_statements.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr Duration for_cancelled_statement = 5s;  // until the server's answer to a statement that it was asked to stop

// Each statement by itself, for what cannot run in a transaction: its effect is there as soon as it has run, and nothing tells
// a later engine whether it has.
class Loose final : public SqlAttempt {
 public:
  using SqlAttempt::SqlAttempt;

  void begin(std::unique_ptr<Postgres> session, std::vector<PostgresStatement> statements) {
    session_ = std::move(session);
    statements_ = std::move(statements);
    timer_ = context_.loop.at(context_.deadline, [this] { cancel(CancelReason::timeout); });
    session_->connect(make_target(context_), [this](const Result<void, PostgresError>& connected) {
      if (!connected) return fail(connected.error());
      look_for_pooler();
    });
  }

  void go_on() override {
    if (is_over() || phase_ != Phase::announced) return;
    phase_ = Phase::running;
    next();
  }

  void cancel(CancelReason reason) override {
    if (is_over()) return;
    const Outcome outcome = reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled;
    if (phase_ != Phase::running) {
      session_.reset();
      return end_soon(outcome, phase_ == Phase::connecting && reason == CancelReason::timeout ? "not connected in time"
                                                                                              : "nothing was changed");
    }
    cancelled_ = outcome;
    session_->cancel();
    timer_ =
        context_.loop.at(context_.loop.now() + (reason == CancelReason::kill ? Duration{} : Duration(for_cancelled_statement)),
                         [this] { lost("no answer to the request to stop"); });
  }

 private:
  enum class Phase { connecting, opening, announced, running };

  // A pooler gives each statement another session of the server's, and cuts off what runs long.
  void look_for_pooler() {
    phase_ = Phase::opening;
    ask({"SELECT pg_catalog.pg_backend_pid()::text", {}}, [this](const SqlAnswer& answer) {
      if (!answer) return fail(answer.error());
      const bool direct = answer->rows.size() == 1 && answer->rows[0].size() == 1 &&
                          answer->rows[0][0] == std::to_string(session_->backend_pid());
      if (!direct) return fail({"`transaction: none` is not possible through a pooler: connect to the server itself", {}, false});
      phase_ = Phase::announced;
      if (!context_.durable) return go_on();
      tell(Progress{{{"transaction", "none"}}});
    });
  }

  void next() {
    if (was_last()) {
      take_result();
      return finish(ended(Outcome::completed, {}));
    }
    if (cancelled_) return finish(ended(*cancelled_, so_far()));
    ask(std::move(statement()), [this](SqlAnswer answer) {
      if (!answer && answer.error().lost) return lost(answer.error().sentence);
      if (!answer && cancelled_) return finish(ended(*cancelled_, so_far()));
      if (!answer) return fail(answer.error());
      if (!answer->capped.empty()) return fail({"the statement gives " + answer->capped + ": add a LIMIT", {}, false});
      keep(std::move(*answer));
      next();
    });
  }
  std::string so_far() const { return fmt::format("{} of {} statements had run", index_, statements_.size()); }

  void lost(const std::string& why) {
    if (!context_.durable) return fail({why, {}, false});
    finish(InDoubt{fmt::format("{}{}; outside a transaction nobody can tell whether it took effect", which(), why), {}});
  }
  void fail(const PostgresError& error) {
    std::string why = (phase_ == Phase::running ? which() : "") + error.sentence;
    if (index_ > 0) why += "; " + so_far();
    nothing_to_read(why);
    result_.clean = false;
    finish(ended(Outcome::completed, why));
  }

  Phase phase_ = Phase::connecting;
  std::optional<Outcome> cancelled_;
};

}  // namespace

std::unique_ptr<SqlAttempt> make_sql_loose(AttemptContext context, Net& net, std::vector<PostgresStatement> statements) {
  Loop& loop = context.loop;
  auto attempt = std::make_unique<Loose>(std::move(context));
  attempt->begin(net.postgres(loop), std::move(statements));
  return attempt;
}

}  // namespace runbook
