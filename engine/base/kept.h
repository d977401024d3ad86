// What lives until the process ends, and whose memory then goes back as a whole: to free a plan of 10,000 steps piece by piece
// takes longer than to look for mistakes in it (measured).
#pragma once
#include <memory>
#include <utility>
#include <vector>

namespace runbook {

template <class T>
void keep_until_the_end(T&& value) {
  static auto& kept = *new std::vector<std::unique_ptr<T>>;
  kept.push_back(std::make_unique<T>(std::forward<T>(value)));
}

}  // namespace runbook
