// A change in a transaction, exactly once:
//   connect, where am I, BEGIN, limits, xid, witness -> Progress, committed -> go_on -> the statements, is it still ours
//   -> Prepared, judged and committed -> go_on: COMMIT; cancel(not_met): ROLLBACK.
// Up to the COMMIT nothing can last; from then on the server's word on the xid decides, whoever asks.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "action/sql_attempt.h"
#include "action/sql_inquiry.h"
#include "action/sql_statements.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;
using Proof = SqlEvidence::Proof;

constexpr Duration longest_witness = 10s;
constexpr Duration for_cancelled_commit = 5s;  // until the server's answer to a COMMIT that it was asked to cut short
constexpr Duration longest_inquiry = 60s;

// The functions are not there, or not for this role: no reason to fail, only a weaker proof.
bool is_refused(const PostgresError& error) {
  constexpr std::array<std::string_view, 5> states{"42883", "42501", "42P01", "0A000", "42704"};
  return !error.lost && std::find(states.begin(), states.end(), error.sqlstate) != states.end();
}

bool ends_transactions(std::string_view tag) {
  constexpr std::array<std::string_view, 5> tags{"COMMIT", "ROLLBACK", "BEGIN", "START TRANSACTION", "PREPARE TRANSACTION"};
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

std::string cell(const PostgresResult& answer, std::size_t column) {
  if (answer.rows.size() != 1 || answer.rows[0].size() <= column) return {};
  const auto& found = answer.rows[0][column];
  return found ? *found : "";
}

Outcome outcome_of(CancelReason reason) { return reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled; }

// Both what begins a change and what finds one that another engine began.
class Change : public SqlAttempt {
 public:
  Change(AttemptContext context, Net& net) : SqlAttempt(std::move(context)), net_(net) {}

 protected:
  // The server decides: `prepared` is how the engine judged the result, when it did.
  void find_out(std::optional<cel::Verdict> prepared, std::optional<CancelReason> cancelled) {
    session_.reset();
    timer_.reset();
    const auto give_up = std::max(context_.deadline, context_.loop.now() + longest_inquiry);
    inquiry_ = inquire(context_.loop, net_, make_target(context_), evidence_, give_up, [this, prepared, cancelled](SqlFate fate) {
      const auto inquiry = std::exchange(inquiry_, nullptr);  // lives until this returns
      settle(std::move(fate), prepared, cancelled);
    });
  }

  // What is not committed is gone: the engine may begin anew, unless it was told to stop or has the verdict already.
  void nothing_left(std::optional<cel::Verdict> prepared, std::optional<CancelReason> cancelled) {
    result_.unchanged = true;
    if (prepared && *prepared != cel::Verdict::met) return finish_as_prepared("rolled back");
    if (cancelled) return finish(ended(outcome_of(*cancelled), "rolled back"));
    finish(ended(Outcome::not_started, "rolled back"));
  }

  void finish_as_prepared(std::string remark) {
    AttemptResult result = ended(Outcome::completed, std::move(remark));
    result.as_prepared = true;
    finish(std::move(result));
  }

  bool is_asking() const { return inquiry_ != nullptr; }
  void hurry() { inquiry_->hurry(); }

  Net& net_;
  SqlEvidence evidence_;

 private:
  void settle(SqlFate fate, std::optional<cel::Verdict> prepared, std::optional<CancelReason> cancelled) {
    const bool met = prepared && *prepared == cel::Verdict::met;
    if (fate.kind == SqlFate::Kind::rolled_back) return nothing_left(prepared, cancelled);
    if (fate.kind == SqlFate::Kind::committed && met) return finish_as_prepared("");
    if (fate.kind == SqlFate::Kind::committed) fate.why = "the server says committed, and this engine never asked for that";
    finish(InDoubt{fmt::format("transaction {} at {}: {}", evidence_.xid,
                               evidence_.server.empty() ? "the server" : evidence_.server, fate.why),
                   std::move(fate.facts)});
  }

  std::unique_ptr<SqlInquiry> inquiry_;
};

class FreshChange final : public Change {
 public:
  using Change::Change;

  void begin(std::vector<PostgresStatement> statements) {
    statements_ = std::move(statements);
    session_ = net_.postgres(context_.loop);
    timer_ = context_.loop.at(context_.deadline, [this] { cancel(CancelReason::timeout); });
    session_->connect(make_target(context_), [this](const Result<void, PostgresError>& connected) {
      if (!connected) return fail(connected.error());
      look();
    });
  }

  void go_on() override {
    if (is_over()) return;
    if (phase_ == Phase::announced) {
      phase_ = Phase::changing;
      next();
    } else if (phase_ == Phase::prepared) {
      commit();
    }
  }

  void cancel(CancelReason reason) override {
    if (is_over()) return;
    switch (phase_) {
      case Phase::connecting: return give_up(reason, reason == CancelReason::timeout ? "not connected in time" : "");
      case Phase::opening:
      case Phase::announced: return give_up(reason, "nothing was changed");
      case Phase::changing: session_->cancel(); return give_up(reason, "rolled back");
      case Phase::prepared:
        if (reason == CancelReason::not_met) return roll_back();
        return give_up(reason, "rolled back");
      case Phase::rolling_back: return;
      case Phase::committing: return cut_commit_short(reason);
    }
  }

 private:
  // opening: all before Progress. changing: the user's statements and our check behind them.
  enum class Phase { connecting, opening, announced, changing, prepared, rolling_back, committing };

  // --- who and where
  void look() {
    phase_ = Phase::opening;
    ask(ask_for_place(), [this](const SqlAnswer& answer) {
      if (!answer && !is_refused(answer.error())) return fail(answer.error());
      const auto place = answer ? place_of(*answer) : std::nullopt;
      if (place && place->in_recovery) return fail({"the server is a standby: it takes no changes", {}, false});
      if (!place || place->system.empty() || place->lsn.empty()) {
        weaken(Proof::none, answer ? "the server does not tell what it is" : answer.error().sentence);
      } else {
        evidence_.proof = Proof::witnessed;
        evidence_.system = place->system;
        evidence_.timeline = place->timeline;
        evidence_.lsn = place->lsn;
        evidence_.server = place->server;
      }
      open();
    });
  }
  void weaken(Proof proof, std::string why) {
    evidence_.proof = proof;
    evidence_.why_not = std::move(why);
  }

  // --- the transaction, and what proves later that it was ours
  void open() {
    ask({"BEGIN", {}}, [this](const SqlAnswer& begun) {
      if (!begun) return fail(begun.error());
      ask(settings(), [this](const SqlAnswer& set) {
        if (!set) return fail(set.error());
        identify();
      });
    });
  }
  // The message carries our xid into the log: once it is on disk there, no recovery gives the number to anybody else.
  void identify() {
    if (evidence_.proof == Proof::none) return announce();
    std::string text = "SELECT pg_catalog.pg_current_xact_id()::text, pg_catalog.pg_backend_pid()::text";
    if (evidence_.proof == Proof::witnessed) text += ", pg_catalog.pg_logical_emit_message(true, 'runbook', $1::text)::text";
    else text += ", (SELECT extract(epoch FROM stats_reset)::text FROM pg_catalog.pg_stat_bgwriter)";
    PostgresStatement statement{text, {}};
    if (evidence_.proof == Proof::witnessed) statement.parameters.push_back({0, context_.run + ":" + context_.step});
    ask(std::move(statement), [this](const SqlAnswer& answer) {
      if (!answer && !is_refused(answer.error())) return fail(answer.error());
      if (!answer) return open_again_with_less(answer.error().sentence);
      evidence_.xid = cell(*answer, 0);
      evidence_.pid = cell(*answer, 1);
      if (evidence_.proof == Proof::witnessed) return call_witness(cell(*answer, 2));
      evidence_.stats_reset = cell(*answer, 2);
      announce();
    });
  }
  void open_again_with_less(const std::string& why) {
    weaken(evidence_.proof == Proof::witnessed ? Proof::statistics : Proof::none, why);
    ask({"ROLLBACK", {}}, [this](const SqlAnswer& undone) {
      if (!undone) return fail(undone.error());
      open();
    });
  }

  // A commit of somebody else, later in the log than our message: it takes that to the disk. Never with more than `local`,
  // which waits for no standby.
  void call_witness(std::string message) {
    witness_ = net_.postgres(context_.loop);
    witness_limit_ =
        context_.loop.at(context_.loop.now() + longest_witness, [this] { no_witness("no second connection in time"); });
    witness_->connect(make_target(context_), [this, message = std::move(message)](const Result<void, PostgresError>& connected) {
      if (!connected) return no_witness(connected.error().sentence);
      witness_->run(
          {"SELECT pg_catalog.set_config('synchronous_commit', 'local', true), pg_catalog.pg_logical_emit_message(true, 'runbook', '')",
           {}},
          [this, position = message](const SqlAnswer& committed) {
            if (!committed) return no_witness(committed.error().sentence);
            dismiss_witness();
            look_at_log(position);
          });
    });
  }
  void dismiss_witness() {
    witness_.reset();
    witness_limit_.reset();
  }
  void look_at_log(const std::string& position) {
    ask({"SELECT (pg_catalog.pg_current_wal_flush_lsn() >= $1::text::pg_catalog.pg_lsn)::text", {{0, position}}},
        [this](const SqlAnswer& answer) {
          if (!answer) return fail(answer.error());
          if (cell(*answer, 0) != "true") return no_witness("the second connection did not reach the same server");
          announce();
        });
  }
  void no_witness(std::string why) {
    dismiss_witness();
    weaken(Proof::statistics, std::move(why));
    ask({"SELECT extract(epoch FROM stats_reset)::text FROM pg_catalog.pg_stat_bgwriter", {}}, [this](const SqlAnswer& answer) {
      if (!answer) return fail(answer.error());
      evidence_.stats_reset = cell(*answer, 0);
      announce();
    });
  }
  void announce() {
    phase_ = Phase::announced;
    tell(Progress{to_record(evidence_)});
  }

  // --- the statements
  void next() {
    if (was_last()) return check();
    ask(std::move(statement()), [this](SqlAnswer answer) {
      if (!answer) return fail(answer.error());
      if (!answer->capped.empty()) return fail({"the statement gives " + answer->capped + ": add a LIMIT", {}, false});
      if (!answer->in_transaction || ends_transactions(answer->tag)) return fail_outside("the statement ended the transaction");
      keep(std::move(*answer));
      next();
    });
  }
  // Still the transaction that is on record? And one whose COMMIT is not lost when it was acknowledged; never lowered.
  void check() {
    std::string text =
        "SELECT CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off' THEN pg_catalog.set_config('synchronous_commit', 'on', true) END";
    if (evidence_.proof != Proof::none) text += ", pg_catalog.pg_current_xact_id_if_assigned()::text";
    ask({text, {}}, [this](const SqlAnswer& answer) {
      if (!answer) return fail(answer.error());
      if (evidence_.proof != Proof::none && cell(*answer, 1) != evidence_.xid)
        return fail_outside("the statements left the transaction that the engine began");
      take_result();
      phase_ = Phase::prepared;
      tell(Prepared{ended(Outcome::completed, {})});
    });
  }

  // --- its end
  void roll_back() {
    phase_ = Phase::rolling_back;
    ask({"ROLLBACK", {}}, [this](const SqlAnswer&) {  // lost or not: nobody commits it
      result_.unchanged = true;
      finish_as_prepared("rolled back");
    });
  }
  void commit() {
    phase_ = Phase::committing;
    warnings_ = session_->notices().size();
    ask({"COMMIT", {}}, [this](const SqlAnswer& answer) {
      if (!answer && answer.error().lost) return lost();
      if (!answer && cancelled_) return nothing_left({}, cancelled_);
      if (!answer) return fail(answer.error());
      if (answer->tag != "COMMIT") return fail({"the server rolled back instead of committing", {}, false});
      const auto notices =
          session_->notices();  // "canceling wait for synchronous replication": committed here, perhaps not there
      finish_as_prepared(notices.size() > warnings_ ? notices[warnings_] : "");
    });
  }
  // It may be done already, and then the answer says so.
  void cut_commit_short(CancelReason reason) {
    cancelled_ = reason;
    if (is_asking()) {
      if (reason != CancelReason::timeout) hurry();
      return;
    }
    session_->cancel();
    timer_ = context_.loop.at(context_.loop.now() + (reason == CancelReason::kill ? Duration{} : Duration(for_cancelled_commit)),
                              [this] { lost(); });
  }
  void lost() {
    const bool commits = phase_ == Phase::committing;
    const auto prepared = commits ? std::optional(cel::Verdict::met) : std::nullopt;
    if (evidence_.proof != Proof::none) return find_out(prepared, cancelled_);
    if (!commits) return nothing_left(prepared, cancelled_);
    finish(InDoubt{"the connection was lost at COMMIT, and the server cannot say what became of it: " + evidence_.why_not,
                   to_record(evidence_)});
  }

  // Certain that nothing lasts: not connected, an error in the transaction, a COMMIT that was refused.
  void fail(const PostgresError& error) {
    // A connection that broke without a word of the server's may leave a backend at work: it is looked for first.
    if (error.lost && error.sqlstate.empty() && phase_ == Phase::changing) return lost();
    const std::string why = (phase_ == Phase::changing && !was_last() ? which()
                             : phase_ == Phase::committing            ? "COMMIT: "
                                                                      : "") +
                            error.sentence;
    result_.unchanged = true;
    end_badly(why);
  }
  // What they did outside of it may last.
  void fail_outside(std::string_view sentence) { end_badly((was_last() ? "" : which()) + std::string(sentence)); }
  void end_badly(const std::string& why) {
    nothing_to_read(why);
    result_.clean = false;
    finish(ended(Outcome::completed, why));
  }
  void give_up(CancelReason reason, std::string remark) {
    dismiss_witness();
    result_.unchanged = true;
    session_.reset();  // the server rolls back what nobody commits
    end_soon(outcome_of(reason), std::move(remark));
  }

  Phase phase_ = Phase::connecting;
  std::optional<CancelReason> cancelled_;
  std::size_t warnings_ = 0;
  std::unique_ptr<Postgres> witness_;
  Timer witness_limit_;
};

class Recovery final : public Change {
 public:
  using Change::Change;

  void begin() {
    timer_ = context_.loop.at(context_.loop.now(), [this] { look(); });
  }
  // A cancellation that comes before the look was on record before the crash; one that comes later stops only a new attempt.
  void cancel(CancelReason reason) override {
    if (is_over()) return;
    if (!is_asking()) cancelled_ = reason;
    else if (reason != CancelReason::timeout) hurry();
  }

 private:
  void look() {
    const auto& prepared = context_.prepared;
    if (context_.progress.empty()) return nothing_left(prepared, cancelled_);  // no statement of the user's was ever sent
    evidence_ = evidence_of(context_.progress);
    if (evidence_.proof != Proof::none) return find_out(prepared, cancelled_);
    // COMMIT is sent only when a verdict that is met is on record.
    if (!prepared || *prepared != cel::Verdict::met) return nothing_left(prepared, cancelled_);
    finish(InDoubt{"the engine was lost at COMMIT, and the server cannot say what became of it: " + evidence_.why_not,
                   context_.progress});
  }

  std::optional<CancelReason> cancelled_;
};

}  // namespace

std::unique_ptr<SqlAttempt> make_sql_change(AttemptContext context, Net& net, std::vector<PostgresStatement> statements) {
  auto attempt = std::make_unique<FreshChange>(std::move(context), net);
  attempt->begin(std::move(statements));
  return attempt;
}

std::unique_ptr<SqlAttempt> make_sql_recovery(AttemptContext context, Net& net) {
  auto attempt = std::make_unique<Recovery>(std::move(context), net);
  attempt->begin();
  return attempt;
}

}  // namespace runbook
