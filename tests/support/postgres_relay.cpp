#include "tests/support/postgres_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace runbook::tests {
namespace {

constexpr int encryption_request = 80877103;  // SSLRequest, answered with one byte; the client goes on as it began
constexpr int gss_request = 80877104;

// Parse: length 17, the unnamed statement, its text, no parameter types.
const std::string rollback_message("P\0\0\0\x10\0ROLLBACK\0\0\0", 17);

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return static_cast<int>(ntohl(number));
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the next read says that it has ended
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive(int socket) {
  std::string bytes(65536, '\0');
  const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

}  // namespace

PostgresRelay::PostgresRelay(int server_port, Judge judge, std::function<void()> at_cut)
    : server_port_(server_port),
      judge_(std::move(judge)),
      at_cut_(std::move(at_cut)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), where, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
      ::getsockname(listener_.get(), where, &size) != 0)
    throw std::runtime_error("no port");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { work(); });
}

PostgresRelay::~PostgresRelay() {
  ending_ = true;
  thread_.join();
}

void PostgresRelay::work() {
  while (!ending_) {
    std::vector<pollfd> waits{{listener_.get(), POLLIN, 0}};
    for (const Session& session : sessions_) {
      waits.push_back({session.client.get(), POLLIN, 0});
      waits.push_back({session.server.get(), POLLIN, 0});
    }
    if (::poll(waits.data(), waits.size(), 20) <= 0) continue;
    std::vector<int> ended;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      const bool client = waits[1 + 2 * i].revents != 0, server = waits[2 + 2 * i].revents != 0;
      if ((client && !from_client(sessions_[i])) || (server && !from_server(sessions_[i])))
        ended.push_back(sessions_[i].client.get());
      if (is_cut_) break;
    }
    if (std::exchange(is_cut_, false)) sessions_.clear();
    std::erase_if(sessions_, [&](const Session& session) {
      return std::find(ended.begin(), ended.end(), session.client.get()) != ended.end();
    });
    if (waits[0].revents != 0) {
      Session session{Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)),
                      Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
                      {}};
      const sockaddr_in address = loopback(server_port_);
      if (::connect(session.server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        sessions_.push_back(std::move(session));
    }
  }
}

bool PostgresRelay::from_client(Session& session) {
  const std::string bytes = receive(session.client.get());
  if (bytes.empty()) return false;
  session.unread += bytes;
  while (true) {
    const std::size_t type = session.started ? 1 : 0;
    if (session.unread.size() < type + 4) return true;
    const std::size_t size = type + static_cast<std::size_t>(number_at(session.unread, type));
    if (session.unread.size() < size) return true;
    std::string message = session.unread.substr(0, size);
    if (!session.started) {
      const int code = number_at(message, 4);
      session.started = code != encryption_request && code != gss_request;
    } else if (message[0] == 'P') {
      const std::size_t name_end = message.find('\0', 5);
      const Fate fate = judge_(message.substr(name_end + 1, message.find('\0', name_end + 1) - name_end - 1));
      if (fate == Fate::cut_before) {
        cut();
        return false;
      }
      session.answer_is_lost = fate == Fate::cut_after;
      if (fate == Fate::rollback_instead) message = rollback_message;
    }
    send_all(session.server.get(), message);
    session.unread.erase(0, size);
  }
}

bool PostgresRelay::from_server(Session& session) {
  const std::string bytes = receive(session.server.get());
  if (bytes.empty()) return false;
  if (session.answer_is_lost) {
    // ReadyForQuery: 'Z', length 5, state. Our statements' answers are short: it ends what was read.
    if (bytes.size() >= 6 && bytes[bytes.size() - 6] == 'Z' && number_at(bytes, bytes.size() - 5) == 5) {
      cut();
      return false;
    }
    return true;
  }
  send_all(session.client.get(), bytes);
  return true;
}

// First what happens to the server, then the client may hear that its connection is gone.
void PostgresRelay::cut() {
  at_cut_();
  is_cut_ = true;
}

}  // namespace runbook::tests
