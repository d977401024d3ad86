// One run of everything that can have an effect, in a world that counts the effects: lines of a file, rows of a table, requests
// that a web server got. What is left of it after a crash is looked at, resumed, and compared with what must be.
#pragma once
#include <string>
#include <vector>

#include "base/value.h"
#include "tests/support/command.h"
#include "tests/support/servers.h"

namespace runbook::tests {

// What was crashed. Where only the engine was, nothing may be in doubt.
enum class Hit { engine, supervisor, step, machine, server };

struct StoredEvent {
  std::int64_t seq = 0;
  std::string type, json;
  bool operator==(const StoredEvent&) const = default;
};

struct Judgement {
  enum class Ending { sound, in_doubt, violation, missed } ending = Ending::sound;
  std::string why;
};

class Everything {
 public:
  explicit Everything(const HttpServer& web);

  Workplace place;
  std::vector<std::string> words() const;  // the command that runs it

  // After the crash and before anything else: what the store holds, read from a copy so that nothing is mended by looking.
  void look();
  // `shown`: what --progress json printed, which a crash must not take back.
  Judgement settle(Hit hit, const std::string& shown = {}) const;

 private:
  struct Stored {
    std::string run;  // empty where none has begun
    bool closed = false;
    std::vector<StoredEvent> events;
  };
  using Effects = std::map<std::string, std::vector<std::string>>;  // by step, what each said

  const HttpServer& web_;
  std::string tag_;
  Stored stored_;    // as the crash left it
  Effects effects_;  // likewise

  Stored stored() const;
  Effects effects() const;
  std::size_t notices() const;

  std::string without_intent() const;
  std::string lost(const std::string& shown) const;
  Outcome to_the_end(Hit hit, std::string& wrong) const;
  std::string answer(Hit hit) const;
  std::string wrong_at_the_end(Hit hit) const;
};

// The table that counts rows, in the server that PG* name. Once, before the first run.
void make_the_table();

}  // namespace runbook::tests
