// Asks the server what became of a transaction whose end nobody heard, and ends it where it is still under way.
#pragma once
#include "action/sql_evidence.h"
#include "net/net.h"

namespace runbook {

struct SqlFate {
  enum class Kind { committed, rolled_back, unknown } kind = Kind::unknown;
  std::string why;  // of unknown: a sentence
  Record facts;     // what was known and what was read
};

class SqlInquiry {
 public:
  virtual ~SqlInquiry() = default;  // nothing is called afterwards
  // Not to wait for a server that does not answer: the question ends soon.
  virtual void hurry() = 0;
};

// Connects again and again until `give_up`. `done` is called once, and never inside this call; it may destroy the inquiry.
std::unique_ptr<SqlInquiry> inquire(Loop& loop, Net& net, PostgresTarget target, SqlEvidence evidence, Instant give_up,
                                    std::function<void(SqlFate)> done);

}  // namespace runbook
