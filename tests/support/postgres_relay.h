// A wire between a client and a PostgreSQL server that can be cut, or lie, at any statement.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/safe_file.h"

namespace runbook::tests {

class PostgresRelay {
 public:
  // Asked for every statement (Parse message) of every session, in the order in which they come; the relay stands still
  // meanwhile. cut_before: the server never sees it. cut_after: the server has carried it out, nobody hears the answer.
  // rollback_instead: the server is sent ROLLBACK, as by something in between that knows better.
  enum class Fate { pass, cut_before, cut_after, rollback_instead };
  using Judge = std::function<Fate(const std::string& statement)>;

  // At the cut all sessions end. `at_cut` runs when the server's answer has come (cut_after) or before it could (cut_before).
  PostgresRelay(int server_port, Judge judge, std::function<void()> at_cut);
  PostgresRelay(const PostgresRelay&) = delete;
  PostgresRelay& operator=(const PostgresRelay&) = delete;
  ~PostgresRelay();
  int port() const { return port_; }

 private:
  struct Session {
    Descriptor client, server;
    std::string unread;           // of the client's bytes: less than a message
    bool started = false;         // past the messages without a type
    bool answer_is_lost = false;  // all of it, up to ReadyForQuery
  };

  void work();
  bool from_client(Session& session);  // false: it has ended
  bool from_server(Session& session);
  void cut();

  const int server_port_;
  const Judge judge_;
  const std::function<void()> at_cut_;
  Descriptor listener_;
  int port_ = 0;
  std::vector<Session> sessions_;
  bool is_cut_ = false;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace runbook::tests
