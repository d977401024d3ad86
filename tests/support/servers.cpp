#include "tests/support/servers.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace runbook::tests {
namespace {

const std::string support = std::string(RUNBOOK_SOURCE_DIR) + "/tests/support/";

class ScratchFolder {
 public:
  ScratchFolder() {
    char path[] = "/tmp/runbook-test-XXXXXX";
    if (::mkdtemp(path) == nullptr) throw std::runtime_error("no scratch folder");
    path_ = path;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { output_of("rm -rf " + path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char part[4096];
  for (std::size_t count = 0; (count = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, count);
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return text;
}

HttpServer::HttpServer(const std::vector<std::string>& arguments) {
  int input[2], output[2];
  if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  input_ = Descriptor(input[1]);
  const Descriptor child_input(input[0]), child_output(output[1]), port_line(output[0]);
  std::vector<std::string> words{"python3", support + "http_server.py"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, child_input.get(), 0);
  ::posix_spawn_file_actions_adddup2(&actions, child_output.get(), 1);
  const int error = ::posix_spawnp(&pid_, "python3", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("no python3");
  std::string line;  // up to its end: an unbuffered Python writes the newline apart, and dies where nobody reads it
  while (!line.ends_with('\n')) {
    char part[32];
    const auto count = ::read(port_line.get(), part, sizeof part);
    if (count <= 0) throw std::runtime_error("http_server.py did not start");
    line.append(part, static_cast<std::size_t>(count));
  }
  port_ = std::atoi(line.c_str());
}

HttpServer::~HttpServer() {
  input_ = Descriptor();
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string HttpServer::url(const std::string& path, const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
}

SilentPort::SilentPort() {
  sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(sockets_[0].get(), where, size) != 0 || ::listen(sockets_[0].get(), 0) != 0 ||
      ::getsockname(sockets_[0].get(), where, &size) != 0) {
    throw std::runtime_error("no port");
  }
  port_ = ntohs(address.sin_port);
  for (int i = 0; i < 4; ++i) {  // the queue of those not accepted is full after the first
    sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(::connect(sockets_.back().get(), where, size));
  }
}

const std::string& certificates() {
  static const ScratchFolder folder;
  static const bool made = [] {
    const std::string subject = "openssl req -newkey rsa:2048 -nodes -keyout ";
    output_of(
        "cd " + folder.path() + " && exec 2>&1 && " + subject + "ca.key -x509 -days 2 -subj /CN=runbook-test-ca -out ca.pem && " +
        subject + "server.key -subj /CN=localhost -out server.csr && " +
        "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > san && " +
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out server.pem && " +
        subject + "client.key -subj /CN=client -out client.csr && " +
        "openssl x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out client.pem");
    return true;
  }();
  static_cast<void>(made);
  return folder.path();
}

PostgresPlace::PostgresPlace(const std::string& how) {
  char path[] = "/tmp/runbook-postgres-XXXXXX";
  if (::mkdtemp(path) == nullptr) throw std::runtime_error("no scratch folder");
  directory_ = path;
  std::string command = how;
  command.replace(command.find('%'), 1, directory_);
  std::istringstream lines(output_of(support + "postgres.sh " + command));
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    environment_.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
}

PostgresPlace::~PostgresPlace() {
  try {
    manage("stop");
  } catch (const std::exception& problem) { std::fprintf(stderr, "%s\n", problem.what()); }
}

void PostgresPlace::manage(const std::string& verb, const std::string& arguments) const {
  output_of(support + "postgres.sh " + verb + " " + directory_ + " " + arguments);
}

std::string PostgresPlace::value(const std::string& name) const {
  for (const auto& [known, value] : environment_) {
    if (known == name) return value;
  }
  return {};
}

std::string PostgresPlace::psql(const std::string& statement) const {
  std::string command;
  for (const auto& [name, value] : environment_) command += name + "='" + value + "' ";
  return output_of(command + "psql -X -q -A -t -v ON_ERROR_STOP=1 <<'END'\n" + statement + "\nEND\n");
}

const PostgresServer& PostgresServer::get() {
  static const PostgresServer server;
  return server;
}

void PostgresServer::move_to(const std::string& port) {
  manage("move", port);
  for (auto& [name, value] : environment_) {
    if (name == "PGPORT") value = port;
  }
}

}  // namespace runbook::tests
