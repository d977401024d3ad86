// What every attempt of `sql` has: a session, its statements one at a time, a deadline, one last report.
#pragma once
#include "action/executor.h"
#include "net/net.h"

namespace runbook {

using SqlAnswer = Result<PostgresResult, PostgresError>;

class SqlAttempt : public ActiveAttempt {
 public:
  explicit SqlAttempt(AttemptContext context) : context_(std::move(context)), started_(context_.loop.now()) {}
  SqlAttempt(const SqlAttempt&) = delete;
  SqlAttempt& operator=(const SqlAttempt&) = delete;

  // Ends it from outside a callback: nothing more is asked of anybody.
  void end_soon(Outcome outcome, std::string remark);
  void go_on() override {}
  void cancel(CancelReason) override {}

 protected:
  // Sends the statement; `then` gets the answer. The session's `run` with less to write.
  void ask(PostgresStatement statement, std::function<void(SqlAnswer)> then) {
    session_->run(std::move(statement), std::move(then));
  }
  // Limits for this transaction only: through a pooler a session's setting would stay with the application's connections.
  PostgresStatement settings() const;

  PostgresStatement& statement() { return statements_[index_]; }
  bool was_last() const { return index_ == statements_.size(); }
  std::string which() const;                     // "statement 2: " of several
  void keep(PostgresResult answer);              // of the statement at index_, which moves on
  void take_result();                            // rows and affected of all that was kept
  void nothing_to_read(const std::string& why);  // rows and affected are not to be had

  bool is_over() const { return over_ || ending_; }
  AttemptResult ended(Outcome outcome, std::string remark);
  void tell(Report report) { context_.report(std::move(report)); }  // not the last one
  void finish(Report report);                                       // the last one: may destroy this

  AttemptContext context_;
  Instant started_;
  std::vector<PostgresStatement> statements_;
  std::size_t index_ = 0;
  AttemptResult result_;
  Timer timer_;
  std::unique_ptr<Postgres> session_;

 private:
  std::int64_t affected_ = 0;  // by all statements together
  PostgresResult last_;        // of the last statement that gave rows
  bool ending_ = false, over_ = false;
};

// What only reads: in a read-only transaction that is rolled back.
std::unique_ptr<SqlAttempt> make_sql_reading(AttemptContext context, Net& net, std::vector<PostgresStatement> statements);
// What changes something, in a transaction whose fate can be found out.
std::unique_ptr<SqlAttempt> make_sql_change(AttemptContext context, Net& net, std::vector<PostgresStatement> statements);
// `transaction: none`: each statement for itself.
std::unique_ptr<SqlAttempt> make_sql_loose(AttemptContext context, Net& net, std::vector<PostgresStatement> statements);
// What became of a change that an engine before this one began.
std::unique_ptr<SqlAttempt> make_sql_recovery(AttemptContext context, Net& net);

}  // namespace runbook
