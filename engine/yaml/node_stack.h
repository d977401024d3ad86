// A stack that grows by a piece at a time: what is on it is never moved, and it never takes twice the room that it needs.
#pragma once
#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

namespace runbook::yaml {

template <class T>
class NodeStack {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return pieces_[i / piece][i % piece]; }
  const T& operator[](std::size_t i) const { return pieces_[i / piece][i % piece]; }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

  // One more, whatever stood in its place before: to be assigned as a whole.
  T& grow() {
    if (size_ == pieces_.size() * piece) pieces_.push_back(std::make_unique<T[]>(piece));
    return (*this)[size_++];
  }
  // Those from `first` on, off the stack, in no more room than they need.
  std::vector<T> take(std::size_t first) {
    std::vector<T> out;
    out.reserve(size_ - first);
    for (std::size_t i = first; i < size_; ++i) out.push_back(std::move((*this)[i]));
    size_ = first;
    return out;
  }

 private:
  static constexpr std::size_t piece = 256;
  std::vector<std::unique_ptr<T[]>> pieces_;
  std::size_t size_ = 0;
};

}  // namespace runbook::yaml
