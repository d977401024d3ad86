#include "loop/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace runbook {
namespace {

constexpr unsigned most_threads = 8;  // a dead DNS server must not turn a thousand checks into a thousand threads

Result<Addresses, Failure> look_up(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    const char* why = error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error);
    return failure("cannot resolve " + host + ": " + why);
  }
  Addresses all;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    char text[NI_MAXHOST];
    if (::getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(all.begin(), all.end(), text) == all.end()) all.emplace_back(text);
  }
  ::freeaddrinfo(found);
  if (all.empty()) return failure("cannot resolve " + host + ": no address");
  return all;
}

}  // namespace

std::optional<Addresses> numeric_address(const std::string& host) {
  auto found = look_up(host, AI_NUMERICHOST);
  if (!found) return std::nullopt;
  return *found;
}

struct Resolver::Queue {
  struct Question {
    std::string host;
    std::weak_ptr<void> wanted;
    Answer answer;
  };
  std::mutex mutex;
  std::deque<Question> waiting;
  unsigned threads = 0;

  void work() {
    for (;;) {
      Question question;
      {
        const std::lock_guard lock(mutex);
        if (waiting.empty()) {
          --threads;
          return;
        }
        question = std::move(waiting.front());
        waiting.pop_front();
      }
      if (!question.wanted.expired()) question.answer(look_up(question.host, AI_ADDRCONFIG));
    }
  }
};

std::shared_ptr<Resolver::Queue> Resolver::make_queue() { return std::make_shared<Queue>(); }

void Resolver::ask(std::string host, std::weak_ptr<void> wanted, Answer answer) {
  const std::lock_guard lock(queue_->mutex);
  queue_->waiting.push_back({std::move(host), std::move(wanted), std::move(answer)});
  if (queue_->threads >= most_threads) return;
  sigset_t all, before;  // signals belong to the loop's thread
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([queue = queue_] { queue->work(); }).detach();
    ++queue_->threads;
  } catch (const std::system_error& problem) {
    if (queue_->threads == 0) {  // nobody will take it up
      auto question = std::move(queue_->waiting.back());
      queue_->waiting.pop_back();
      question.answer(failure("cannot resolve " + question.host + ": " + problem.what()));
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace runbook
