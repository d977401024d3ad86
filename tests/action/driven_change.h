// A changing `sql` step without an engine: the attempt on a loop of its own, its reports committed as the engine would, or lost
// because the engine dies at a point. A crash of the engine is an attempt that is let go; what it had committed is given to
// the next one.
#pragma once
#include <signal.h>

#include <catch2/catch.hpp>
#include <functional>
#include <optional>

#include "action/sql.h"
#include "tests/support/servers.h"

namespace runbook::tests {

// The part of the engine: commits what it is told, and says go on; or dies at a point.
struct DrivenChange {
  enum class Die { never, at_start, at_progress, in_statements, at_prepared, at_commit, after_commit };
  Record fields{};
  cel::Verdict verdict = cel::Verdict::met;
  Die die = Die::never;
  std::vector<std::pair<std::string, std::string>> environment = PostgresServer::get().environment();
  Record connection{};
  Duration within = std::chrono::seconds(20);
  std::optional<std::pair<Duration, CancelReason>> cancel_after{};
  std::function<void()> before_go_on{}, before_commit{};  // at Progress, at Prepared
  std::function<bool()> dies_when{};                      // asked again and again

  // What the store holds afterwards.
  Record progress{};
  std::optional<cel::Verdict> prepared{};
  std::optional<AttemptResult> prepared_result{};
  std::optional<Report> end{};

  AttemptContext context(Loop& loop) {
    AttemptContext out(loop);
    out.run = "k7f3";
    out.step = "data/clear";
    out.fields = fields;
    out.connection = connection;
    out.environment = environment;
    out.cwd = "/tmp";
    out.deadline = loop.now() + within;
    out.progress = progress;
    out.prepared = prepared;
    return out;
  }

  void run() {
    drive([](Executor& executor, AttemptContext made) { return executor.start(std::move(made)); });
  }
  void recover(std::optional<CancelReason> cancelled = {}) {
    die = Die::never;
    dies_when = nullptr;
    drive([cancelled](Executor& executor, AttemptContext made) {
      auto attempt = executor.recover(std::move(made));
      if (cancelled) attempt->cancel(*cancelled);
      return attempt;
    });
  }

  void reach(const PostgresPlace& place) { environment = place.environment(); }
  void reach(const std::string& name, const std::string& value) {  // PGPORT, PGUSER ...
    for (auto& [known, now] : environment)
      if (known == name) now = value;
  }

  bool is_in_doubt() const { return end && std::holds_alternative<InDoubt>(*end); }
  const AttemptResult& result() const {
    REQUIRE(end.has_value());
    if (const auto* doubt = std::get_if<InDoubt>(&*end)) INFO(doubt->evidence);
    REQUIRE(std::holds_alternative<AttemptResult>(*end));
    return std::get<AttemptResult>(*end);
  }
  const InDoubt& doubt() const {
    REQUIRE(end.has_value());
    REQUIRE(std::holds_alternative<InDoubt>(*end));
    return std::get<InDoubt>(*end);
  }

 private:
  void drive(const std::function<std::unique_ptr<ActiveAttempt>(Executor&, AttemptContext)>& begin) {
    ::signal(SIGPIPE, SIG_IGN);
    const auto loop = make_loop();
    const auto executor = make_sql_executor();
    std::unique_ptr<ActiveAttempt> attempt;
    Timer dying, turn, watching;
    const auto die_soon = [&](Duration after) {
      dying = loop->at(loop->now() + after, [&] {
        attempt.reset();
        loop->stop();
      });
    };
    AttemptContext made = context(*loop);
    made.report = [&](Report report) {
      // As the engine does: in a turn of its own.
      turn = loop->at(loop->now(), [&, report = std::move(report)] {
        if (const auto* told = std::get_if<Progress>(&report)) {
          progress = told->what;
          if (die == Die::at_progress) return die_soon(Duration());
          if (before_go_on) before_go_on();
          attempt->go_on();
          if (die == Die::in_statements) die_soon(std::chrono::milliseconds(100));
        } else if (const auto* ready = std::get_if<Prepared>(&report)) {
          prepared_result = ready->result;
          if (die == Die::at_prepared) return die_soon(Duration());
          prepared = verdict;
          if (before_commit) before_commit();
          if (die == Die::at_commit) return die_soon(Duration());
          if (verdict == cel::Verdict::met) attempt->go_on();
          else attempt->cancel(CancelReason::not_met);
        } else {
          CHECK_FALSE(end.has_value());
          if (die == Die::after_commit) return die_soon(Duration());  // the answer is there, and on no record
          end = report;
          loop->stop();
        }
      });
    };
    if (die == Die::at_start) return;
    end.reset();
    attempt = begin(*executor, made);
    std::function<void()> watch = [&] {
      if (dies_when()) return die_soon(Duration());
      watching = loop->at(loop->now() + std::chrono::milliseconds(5), watch);
    };
    if (dies_when) watch();
    Timer cancelling;
    if (cancel_after)
      cancelling = loop->at(loop->now() + cancel_after->first, [&] {
        if (attempt) attempt->cancel(cancel_after->second);
      });
    loop->run();
  }
};

}  // namespace runbook::tests
