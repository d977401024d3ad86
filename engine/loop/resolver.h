// Turns host names into addresses without stopping the loop: getaddrinfo blocks for as long as DNS likes (30 s and more),
// so it runs in a few threads that are never waited for.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "loop/loop.h"

namespace runbook {

using Answer = std::function<void(Result<Addresses, Failure>)>;

// Numbers are answered without asking anybody. Nothing: it is no number.
std::optional<Addresses> numeric_address(const std::string& host);

class Resolver {
 public:
  // `answer` is called in another thread, unless `wanted` has gone by the time the question is taken up.
  void ask(std::string host, std::weak_ptr<void> wanted, Answer answer);

 private:
  struct Queue;
  static std::shared_ptr<Queue> make_queue();
  std::shared_ptr<Queue> queue_ = make_queue();  // shared with the threads: one may outlive this object
};

}  // namespace runbook
