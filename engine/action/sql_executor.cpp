#include <fmt/core.h>

#include <algorithm>

#include "action/sql.h"
#include "action/sql_statements.h"
#include "net/net.h"
#include "net/postgres_value.h"

namespace runbook {
namespace {

// Reads: BEGIN READ ONLY, a query of ours, the statements one at a time, ROLLBACK.
class SqlAttempt final : public ActiveAttempt {
 public:
  explicit SqlAttempt(AttemptContext context) : context_(std::move(context)), started_(context_.loop.now()) {}
  SqlAttempt(const SqlAttempt&) = delete;
  SqlAttempt& operator=(const SqlAttempt&) = delete;
  ~SqlAttempt() override {
    if (phase_ == Phase::reading) session_->cancel();  // nobody will look at what it reads
  }

  void begin(std::unique_ptr<Postgres> session, std::vector<PostgresStatement> statements) {
    session_ = std::move(session);
    statements_ = std::move(statements);
    phase_ = Phase::connecting;
    timer_ = context_.loop.at(context_.deadline, [this] { break_off(Outcome::timed_out); });
    session_->connect(make_target(context_), [this](Result<void, PostgresError> connected) {
      if (!connected) return fail(connected.error());
      open_transaction();
    });
  }
  // Ends it without having asked anybody.
  void end(Outcome outcome, std::string remark) {
    phase_ = Phase::ending;
    timer_ = context_.loop.at(context_.loop.now(), [this, outcome, remark = std::move(remark)] { report(outcome, remark); });
  }

  void go_on() override {}
  void cancel(CancelReason reason) override {
    if (phase_ == Phase::reported || phase_ == Phase::ending) return;
    if (phase_ == Phase::reading) session_->cancel();
    session_.reset();
    end(reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled, {});
  }

 private:
  enum class Phase { idle, connecting, opening, reading, closing, ending, reported };

  void open_transaction() {
    phase_ = Phase::opening;
    session_->run({"BEGIN READ ONLY", {}}, [this](Result<PostgresResult, PostgresError> begun) {
      if (!begun) return fail(begun.error());
      // The first query takes the snapshot: from then on the server lets nobody make the transaction read-write.
      session_->run(settings(), [this](Result<PostgresResult, PostgresError> set) {
        if (!set) return fail(set.error());
        phase_ = Phase::reading;
        next();
      });
    });
  }

  // Only for this transaction: through a pooler a session's setting would stay with the application's connections.
  PostgresStatement settings() const {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(context_.deadline - context_.loop.now()) + milliseconds(1000);  // after our own
    const auto timeout = std::clamp(left, milliseconds(1), milliseconds(2'000'000'000));
    PostgresStatement statement{
        "SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('lock_timeout', $1, true), "
        "pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', true), pg_catalog.set_config('datestyle', 'ISO', true)",
        {{0, std::to_string(timeout.count())}}};
    if (session_->server_version() >= 140000) statement.text += ", pg_catalog.set_config('client_connection_check_interval', '2s', true)";
    return statement;
  }

  void next() {
    if (index_ == statements_.size()) return close_transaction();
    session_->run(std::move(statements_[index_]), [this](Result<PostgresResult, PostgresError> answer) {
      if (!answer) return fail(answer.error());
      if (!answer->capped.empty()) return stop_at_cap(answer->capped);
      if (!answer->in_transaction) return fail({"the statement ended the transaction", {}, false});
      affected_ += answer->affected;
      if (!answer->columns.empty()) last_ = std::move(*answer);
      check_still_read_only();
    });
  }

  // Before PostgreSQL 16, RESET transaction_read_only (or set_config with NULL, deep in a function) turns the protection
  // off in the middle of a transaction, and nothing in the answer tells. So the server is asked, after the last one too:
  // what one statement wrote by itself is rolled back in any case, but such a step is no success.
  void check_still_read_only() {
    session_->run({"SELECT pg_catalog.current_setting('transaction_read_only')", {}}, [this](Result<PostgresResult, PostgresError> answer) {
      if (!answer) return fail(answer.error());
      const bool on = answer->rows.size() == 1 && answer->rows[0].size() == 1 && answer->rows[0][0] == "on";
      if (!on) return fail({"the statement made the read-only transaction writable; it was rolled back", {}, false});
      ++index_;
      next();
    });
  }

  void stop_at_cap(const std::string& why) {
    result_.unreadable["rows"] = result_.unreadable["affected"] = why;
    result_.remark = "the statement gives " + why + ": add a LIMIT";
    close_transaction();
  }

  void close_transaction() {
    phase_ = Phase::closing;
    session_->run({"ROLLBACK", {}}, [this](const Result<PostgresResult, PostgresError>&) {  // lost or not: what was read was read
      if (result_.unreadable.empty()) take_result();
      report(Outcome::completed, result_.remark);
    });
  }

  void take_result() {
    result_.result["affected"] = affected_;
    if (auto rows = rows_of(last_)) result_.result["rows"] = std::move(*rows);
    else result_.unreadable["rows"] = rows.error();
  }

  void fail(const PostgresError& error) {
    const std::string which = statements_.size() > 1 && phase_ == Phase::reading ? fmt::format("statement {}: ", index_ + 1) : "";
    const std::string why = which + error.sentence;
    result_.unreadable["rows"] = result_.unreadable["affected"] = why;
    report(Outcome::completed, why);
  }

  void break_off(Outcome outcome) {
    if (phase_ == Phase::reading) session_->cancel();
    report(outcome, phase_ == Phase::connecting ? "not connected in time" : "");
  }

  void report(Outcome outcome, std::string remark) {  // by value: the remark may be a part of result_
    AttemptResult result = std::move(result_);
    result.outcome = outcome;
    result.remark = std::move(remark);
    result.started = started_;
    result.ended = context_.loop.now();
    if (outcome == Outcome::completed) result.result["duration"] = result.ended - result.started;
    if (session_ != nullptr && !session_->notices().empty()) {
      Value::List notices;
      for (std::string& line : session_->notices()) notices.emplace_back(std::move(line));
      result.facts["notices"] = std::move(notices);
    }
    phase_ = Phase::reported;
    timer_.reset();
    session_.reset();
    const auto tell = std::exchange(context_.report, nullptr);
    tell(std::move(result));
  }

  AttemptContext context_;
  Instant started_;
  Phase phase_ = Phase::idle;
  std::vector<PostgresStatement> statements_;
  std::size_t index_ = 0;
  std::int64_t affected_ = 0;  // by all statements together
  PostgresResult last_;        // of the last statement that gave rows
  AttemptResult result_;
  Timer timer_;
  std::unique_ptr<Postgres> session_;
};

class SqlExecutor final : public Executor {
 public:
  Result<Stamp, Failure> prepare(const AttemptContext&) override {
    return failure(Failure("an sql step that changes something is not supported yet"));
  }
  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    Loop& loop = context.loop;
    const bool writes = context.changes_something || context.fields.contains("transaction");
    auto statements = make_statements(context);
    auto attempt = std::make_unique<SqlAttempt>(std::move(context));
    if (writes) {
      attempt->end(Outcome::could_not_start, "an sql step that changes something is not supported yet");
    } else if (!statements) {
      attempt->end(Outcome::could_not_start, statements.error());
    } else if (const auto net = load_net(); !net) {
      attempt->end(Outcome::could_not_start, net.error());
    } else {
      attempt->begin((*net)->postgres(loop), std::move(*statements));
    }
    return attempt;
  }
  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override {
    auto attempt = std::make_unique<SqlAttempt>(std::move(context));
    attempt->end(Outcome::not_started, {});  // what only read is simply done again
    return attempt;
  }
};

}  // namespace

std::unique_ptr<Executor> make_sql_executor() { return std::make_unique<SqlExecutor>(); }

}  // namespace runbook
