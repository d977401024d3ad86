// What stands in a list or map, in order. Most nodes have nothing in them: it is as large as a pointer, and in a long file that
// saves as much memory, and so as much time, as reading it takes otherwise (measured).
#pragma once
#include <cstddef>
#include <vector>

#include "base/boxed.h"

namespace runbook::yaml {

template <class T>
class NodeList {
 public:
  NodeList() = default;
  NodeList(std::vector<T> all) {
    if (!all.empty()) all_.made() = std::move(all);
  }

  bool empty() const { return size() == 0; }
  std::size_t size() const { return all_ ? all_->size() : 0; }
  const T& operator[](std::size_t i) const { return (*all_)[i]; }
  const T* begin() const { return all_ ? all_->data() : nullptr; }
  const T* end() const { return begin() + size(); }
  std::vector<T>& made() { return all_.made(); }  // to be changed

 private:
  Boxed<std::vector<T>> all_;
};

}  // namespace runbook::yaml
