#include "action/sql_inquiry.h"

#include <fmt/core.h>

#include <algorithm>

namespace runbook {
namespace {

using namespace std::chrono_literals;
using Answer = Result<PostgresResult, PostgresError>;
using Kind = SqlFate::Kind;
using Proof = SqlEvidence::Proof;

constexpr Duration between_connections = 1s;
constexpr Duration one_look = 10s;         // for a server that takes a connection and says nothing
constexpr Duration between_looks = 50ms;   // at a backend that was told to end
constexpr int looks_without_backend = 10;  // one that ends is gone from the list before its transaction has ended
constexpr Duration in_a_hurry = 2s;

class Inquiry final : public SqlInquiry {
 public:
  Inquiry(Loop& loop, Net& net, PostgresTarget target, SqlEvidence evidence, Instant give_up, std::function<void(SqlFate)> done)
      : loop_(loop),
        net_(net),
        target_(std::move(target)),
        evidence_(std::move(evidence)),
        give_up_(give_up),
        done_(std::move(done)) {}

  void begin() {
    later(Duration{}, [this] { connect(); });
  }
  void hurry() override {
    give_up_ = std::min(give_up_, loop_.now() + in_a_hurry);
    arm();
  }

 private:
  void connect() {
    wait_.reset();
    session_ = net_.postgres(loop_);
    look_until_ = loop_.now() + one_look;
    arm();
    session_->connect(target_, [this](const Result<void, PostgresError>& connected) {
      if (!connected) return lost(connected.error());
      ask();
    });
  }
  void arm() {
    limit_ = loop_.at(std::min(give_up_, look_until_), [this] { lost({"the server does not answer", {}, true}); });
  }
  // Without an answer: tried again, as long as there is time.
  void lost(const PostgresError& error) {
    session_.reset();
    limit_.reset();
    if (loop_.now() + between_connections > give_up_) return tell(Kind::unknown, "the server cannot be asked: " + error.sentence);
    later(between_connections, [this] { connect(); });
  }

  void ask() {
    session_->run(ask_for_status(evidence_, Asking::with_status), [this](const Answer& answer) {
      if (answer) return judge(*answer);
      if (answer.error().lost) return lost(answer.error());
      if (answer.error().sqlstate == "22023") return ask_without_status();
      tell(Kind::unknown, "the server does not say: " + answer.error().sentence);
    });
  }
  void ask_without_status() {
    session_->run(ask_for_status(evidence_, Asking::without_status), [this](const Answer& answer) {
      if (!answer && answer.error().lost) return lost(answer.error());
      if (!answer) return tell(Kind::unknown, "the server does not say: " + answer.error().sentence);
      const auto status = status_of(evidence_, *answer);
      if (!status) return tell(Kind::unknown, "the server's answer is not what was asked for");
      facts_ = status->facts;
      if (!status->mismatch.empty()) return tell(Kind::unknown, status->mismatch);
      tell(Kind::rolled_back, "");  // never given out in this history: it left nothing
    });
  }

  void judge(const PostgresResult& answer) {
    const auto status = status_of(evidence_, answer);
    if (!status) return tell(Kind::unknown, "the server's answer is not what was asked for");
    facts_ = status->facts;
    if (!status->mismatch.empty()) return tell(Kind::unknown, status->mismatch);
    const bool doubtful = evidence_.proof != Proof::witnessed && status->crashed;
    if (status->status == "aborted") return tell(Kind::rolled_back, "");
    if (status->status.empty()) return tell(Kind::unknown, "too long ago: the server no longer knows");
    // A server that crashed gives an xid that it had not written down to somebody else.
    if (doubtful)
      return tell(Kind::unknown,
                  fmt::format("{}, but the server may have crashed in between and given the number to another transaction",
                              status->status));
    if (status->status == "committed") return tell(Kind::committed, "");
    end_backend();
  }

  void end_backend() {
    session_->run(terminate_backend(evidence_), [this](const Answer& answer) {
      if (!answer && answer.error().lost) return lost(answer.error());
      if (!answer) return tell(Kind::unknown, "it is still under way, and cannot be ended: " + answer.error().sentence);
      if (!answer->rows.empty()) {
        without_backend_ = 0;
      } else if (++without_backend_ > looks_without_backend) {
        return tell(Kind::unknown, "it is still open and no backend works on it: a prepared transaction");
      }
      if (loop_.now() + between_looks >= look_until_)
        return tell(Kind::unknown, fmt::format("it is still under way: backend {} does not end", evidence_.pid));
      later(between_looks, [this] { ask(); });
    });
  }

  void later(Duration delay, Task task) { wait_ = loop_.at(loop_.now() + delay, std::move(task)); }
  void tell(Kind kind, std::string why) {
    SqlFate fate{kind, std::move(why), to_record(evidence_)};
    for (auto& [name, value] : facts_) fate.facts[name] = value;
    session_.reset();
    limit_.reset();
    wait_.reset();
    const auto done = std::exchange(done_, nullptr);
    done(std::move(fate));
  }

  Loop& loop_;
  Net& net_;
  const PostgresTarget target_;
  const SqlEvidence evidence_;
  Instant give_up_, look_until_{};
  std::function<void(SqlFate)> done_;
  std::unique_ptr<Postgres> session_;
  Timer wait_, limit_;
  Record facts_;
  int without_backend_ = 0;
};

}  // namespace

std::unique_ptr<SqlInquiry> inquire(Loop& loop, Net& net, PostgresTarget target, SqlEvidence evidence, Instant give_up,
                                    std::function<void(SqlFate)> done) {
  auto inquiry = std::make_unique<Inquiry>(loop, net, std::move(target), std::move(evidence), give_up, std::move(done));
  inquiry->begin();
  return inquiry;
}

}  // namespace runbook
