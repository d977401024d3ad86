#include "action/sql_attempt.h"
#include "action/sql_statements.h"

namespace runbook {
namespace {

// BEGIN READ ONLY, a query of ours, the statements one at a time, ROLLBACK.
class Reading final : public SqlAttempt {
 public:
  using SqlAttempt::SqlAttempt;
  ~Reading() override {
    if (phase_ == Phase::reading && session_ != nullptr) session_->cancel();  // nobody will look at what it reads
  }

  void begin(std::unique_ptr<Postgres> session, std::vector<PostgresStatement> statements) {
    session_ = std::move(session);
    statements_ = std::move(statements);
    timer_ = context_.loop.at(context_.deadline, [this] { break_off(); });
    session_->connect(make_target(context_), [this](Result<void, PostgresError> connected) {
      if (!connected) return fail(connected.error());
      open_transaction();
    });
  }

  void cancel(CancelReason reason) override {
    if (is_over()) return;
    if (phase_ == Phase::reading) session_->cancel();
    session_.reset();
    end_soon(reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled, {});
  }

 private:
  enum class Phase { connecting, opening, reading, closing };

  void open_transaction() {
    phase_ = Phase::opening;
    ask({"BEGIN READ ONLY", {}}, [this](const SqlAnswer& begun) {
      if (!begun) return fail(begun.error());
      // The first query takes the snapshot: from then on the server lets nobody make the transaction read-write.
      ask(settings(), [this](const SqlAnswer& set) {
        if (!set) return fail(set.error());
        phase_ = Phase::reading;
        next();
      });
    });
  }

  void next() {
    if (was_last()) return close_transaction();
    ask(std::move(statement()), [this](SqlAnswer answer) {
      if (!answer) return fail(answer.error());
      if (!answer->capped.empty()) return stop_at_cap(answer->capped);
      if (!answer->in_transaction) return fail({"the statement ended the transaction", {}, false});
      check_still_read_only(std::move(*answer));
    });
  }

  // Before PostgreSQL 16, RESET transaction_read_only (or set_config with NULL, deep in a function) turns the protection
  // off in the middle of a transaction, and nothing in the answer tells. So the server is asked, after the last one too:
  // what one statement wrote by itself is rolled back in any case, but such a step is no success.
  void check_still_read_only(PostgresResult result) {
    const auto got = std::make_shared<PostgresResult>(std::move(result));
    ask({"SELECT pg_catalog.current_setting('transaction_read_only')", {}}, [this, got](const SqlAnswer& answer) {
      if (!answer) return fail(answer.error());
      const bool on = answer->rows.size() == 1 && answer->rows[0].size() == 1 && answer->rows[0][0] == "on";
      if (!on) return fail({"the statement made the read-only transaction writable; it was rolled back", {}, false});
      keep(std::move(*got));
      next();
    });
  }

  void stop_at_cap(const std::string& why) {
    nothing_to_read(why);
    result_.remark = "the statement gives " + why + ": add a LIMIT";
    close_transaction();
  }

  void close_transaction() {
    phase_ = Phase::closing;
    ask({"ROLLBACK", {}}, [this](const SqlAnswer&) {  // lost or not: what was read was read
      if (result_.unreadable.empty()) take_result();
      finish(ended(Outcome::completed, result_.remark));
    });
  }

  void fail(const PostgresError& error) {
    const std::string why = (phase_ == Phase::reading ? which() : "") + error.sentence;
    nothing_to_read(why);
    finish(ended(Outcome::completed, why));
  }

  void break_off() {
    if (phase_ == Phase::reading) session_->cancel();
    finish(ended(Outcome::timed_out, phase_ == Phase::connecting ? "not connected in time" : ""));
  }

  Phase phase_ = Phase::connecting;
};

}  // namespace

std::unique_ptr<SqlAttempt> make_sql_reading(AttemptContext context, Net& net, std::vector<PostgresStatement> statements) {
  Loop& loop = context.loop;
  auto attempt = std::make_unique<Reading>(std::move(context));
  attempt->begin(net.postgres(loop), std::move(statements));
  return attempt;
}

}  // namespace runbook
