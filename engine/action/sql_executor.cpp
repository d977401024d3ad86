#include "action/sql.h"
#include "action/sql_attempt.h"
#include "action/sql_statements.h"

namespace runbook {
namespace {

// Says its end and does nothing.
class Settled final : public SqlAttempt {
 public:
  using SqlAttempt::SqlAttempt;
  void doubt(std::string evidence) {
    timer_ = context_.loop.at(context_.loop.now(), [this, evidence = std::move(evidence)] {
      finish(InDoubt{evidence, context_.progress});
    });
  }
};

class SqlExecutor final : public Executor {
 public:
  // Nothing on disk: what must be kept of a transaction is known only once it is open, and is its Progress.
  Result<Stamp, Failure> prepare(const AttemptContext&) override { return Stamp(); }

  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    auto statements = make_statements(context);
    if (!statements) return settled(std::move(context), Outcome::could_not_start, statements.error());
    const auto net = load_net();
    if (!net) return settled(std::move(context), Outcome::could_not_start, net.error());
    if (context.fields.contains("transaction")) return make_sql_loose(std::move(context), **net, std::move(*statements));
    if (context.changes_something) return make_sql_change(std::move(context), **net, std::move(*statements));
    return make_sql_reading(std::move(context), **net, std::move(*statements));
  }

  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override {
    if (!context.durable) return settled(std::move(context), Outcome::not_started, {});  // what only read is simply done again
    if (context.progress.contains("transaction"))
      return doubtful(std::move(context), "outside a transaction nobody can tell whether it took effect");
    const auto net = load_net();
    if (!net) return doubtful(std::move(context), net.error());
    return make_sql_recovery(std::move(context), **net);
  }

 private:
  static std::unique_ptr<ActiveAttempt> settled(AttemptContext context, Outcome outcome, std::string remark) {
    auto attempt = std::make_unique<Settled>(std::move(context));
    attempt->end_soon(outcome, std::move(remark));
    return attempt;
  }
  static std::unique_ptr<ActiveAttempt> doubtful(AttemptContext context, std::string evidence) {
    auto attempt = std::make_unique<Settled>(std::move(context));
    attempt->doubt(std::move(evidence));
    return attempt;
  }
};

}  // namespace

std::unique_ptr<Executor> make_sql_executor() { return std::make_unique<SqlExecutor>(); }

}  // namespace runbook
