#include "supervisor/program/host.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <memory>
#include <vector>

#include "supervisor/process_table.h"
#include "supervisor/program/clock.h"
#include "supervisor/program/host_attempt.h"

namespace runbook {
namespace {

constexpr std::int64_t look_again = 20 * milliseconds;  // at what another connection's supervisor runs

bool say_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(1, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

class Conversation {
 public:
  Conversation(const HostFiles& files, int program, int signals) : files_(files), program_(program), signals_(signals) {}

  void hold() {
    good_ = say_bytes(host::greeting);
    say(host::Hello{world(), monotonic()});
    while (good_) {
      listen();
      report();
    }
  }

 private:
  void say(const host::FromHost& message) { good_ = good_ && say_bytes(encode(message)); }

  void listen() {
    std::array<struct pollfd, 2> ready{{{0, POLLIN, 0}, {signals_, POLLIN, 0}}};
    bool others = false;
    for (const auto& [nonce, attempt] : attempts_) others = others || !attempt->has_child();
    const auto limit = to_timespec(others ? look_again : heard_at_ + host::patience * seconds - monotonic());
    ::ppoll(ready.data(), ready.size(), &limit, nullptr);
    if (monotonic() > heard_at_ + host::patience * seconds) good_ = false;  // the link is cut, and nobody told us
    if (ready[1].revents != 0) {
      struct signalfd_siginfo signal {};
      while (::read(signals_, &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {}
    }
    if (ready[0].revents == 0) return;
    const auto size = ::read(0, buffer_.data(), buffer_.size());
    if (size < 0 && errno == EINTR) return;
    if (size <= 0) {
      good_ = false;
      return;
    }
    heard_at_ = monotonic();
    frames_.add({buffer_.data(), static_cast<std::size_t>(size)});
    while (auto message = frames_.next_to_host()) std::visit([this](auto& m) { hear(m); }, *message);
    good_ = good_ && !frames_.broken();
  }

  void report() {
    for (auto at = attempts_.begin(); at != attempts_.end();) {
      auto found = at->second->ended();
      if (found) {
        say(*found);
        at = attempts_.erase(at);
      } else {
        ++at;
      }
    }
  }

  HostAttempt* attempt(const std::string& nonce) {
    if (!HostFiles::is_nonce(nonce)) {
      good_ = false;
      return nullptr;
    }
    auto& slot = attempts_[nonce];
    if (slot == nullptr) slot = std::make_unique<HostAttempt>(files_, program_, nonce);
    return slot.get();
  }

  void hear(const host::Place& message) {
    if (!HostFiles::is_nonce(message.name.nonce)) {
      good_ = false;
      return;
    }
    auto placed = files_.place(message);
    if (const auto* why = std::get_if<Why>(&placed)) say(host::Refused{message.name.nonce, *why});
    else say(std::get<host::Placed>(placed));
  }
  void hear(host::Launch& message) {
    const auto nonce = message.order.name.nonce;
    auto* one = attempt(nonce);
    if (one == nullptr || one->has_child()) return;
    const auto why = one->launch(std::move(message));
    if (why.empty()) return;
    attempts_.erase(nonce);
    say(host::Refused{nonce, why});
  }
  void hear(const host::Look& message) {
    if (auto* one = attempt(message.name.nonce)) one->look(message);
  }
  void hear(const host::Signal& message) {
    if (const auto found = attempts_.find(message.nonce); found != attempts_.end()) found->second->signal(message.number);
  }
  void hear(const host::Ping&) {}

  const HostFiles& files_;
  int program_, signals_;
  bool good_ = true;
  std::int64_t heard_at_ = monotonic();
  std::array<char, 65536> buffer_{};
  host::Frames frames_;
  std::map<std::string, std::unique_ptr<HostAttempt>> attempts_;
};

int listen_for_children() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
  return ::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

int serve_engine(const std::string& directory) {
  ::prctl(PR_SET_NAME, "runbook-host");
  const int program = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  const HostFiles files(directory);
  const auto why = program < 0 ? failed("cannot open /proc/self/exe") : files.make();
  if (!why.empty()) {
    if (::write(2, (why + "\n").c_str(), why.size() + 1) < 0) {}
    return 1;
  }
  std::array<char, 4096> self{};
  const auto size = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  files.remove_old(std::string(self.data(), size > 0 ? static_cast<std::size_t>(size) : 0));
  Conversation(files, program, listen_for_children()).hold();
  return 0;
}

}  // namespace runbook
