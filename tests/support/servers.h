// Servers of our own for tests: a web server with bad habits (http_server.py) and a PostgreSQL cluster (postgres.sh).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/safe_file.h"

namespace runbook::tests {

std::string output_of(const std::string& command);  // of a shell command that must succeed

class HttpServer {
 public:
  explicit HttpServer(const std::vector<std::string>& arguments = {});
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();
  std::string url(const std::string& path, const std::string& scheme = "http") const;
  int port() const { return port_; }

 private:
  Descriptor input_;
  int pid_ = -1, port_ = 0;
};

// A port of this machine that drops what wants to connect, as a firewall does.
class SilentPort {
 public:
  SilentPort();
  int port() const { return port_; }

 private:
  std::vector<Descriptor> sockets_;
  int port_ = 0;
};

// ca.pem, server.pem + .key for 127.0.0.1 and localhost, client.pem + .key, in a folder that lives as long as the program.
const std::string& certificates();

// Where psql and the engine find something that speaks PostgreSQL's protocol.
class PostgresPlace {
 public:
  PostgresPlace(const PostgresPlace&) = delete;
  PostgresPlace& operator=(const PostgresPlace&) = delete;
  const std::vector<std::pair<std::string, std::string>>& environment() const { return environment_; }
  std::string value(const std::string& name) const;
  std::string port() const { return value("PGPORT"); }
  std::string psql(const std::string& statement) const;  // what it prints, unaligned

 protected:
  explicit PostgresPlace(const std::string& how);  // "start %": words of postgres.sh, % is a folder made for it
  ~PostgresPlace();
  void manage(const std::string& verb, const std::string& arguments = {}) const;

  std::string directory_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

class PostgresServer : public PostgresPlace {
 public:
  static const PostgresServer& get();  // one for the program, started at the first call
  explicit PostgresServer(const std::string& settings = {}) : PostgresPlace("start % " + settings) {}  // "name=value name=value"
  struct StandbyOf {
    const PostgresServer& primary;
  };
  explicit PostgresServer(StandbyOf of) : PostgresPlace("standby % " + of.primary.directory_) {}

  void crash() const { manage("crash"); }  // ends without a checkpoint and starts again, at the same port
  void halt() const { manage("halt"); }    // ends without a checkpoint
  void promote() const { manage("promote"); }
  void move_to(const std::string& port);  // restarted there
};

// PgBouncer in transaction mode before a server, with so many connections to it.
class Pooler : public PostgresPlace {
 public:
  Pooler(const PostgresServer& server, int size) : PostgresPlace("pooler % " + server.port() + " " + std::to_string(size)) {}
};

}  // namespace runbook::tests
