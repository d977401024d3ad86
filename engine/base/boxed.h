// An optional value that lies on the heap: for what few of many have. A step has a dozen of them, and in a runbook of 10,000
// steps the room that each would take in every step costs more time than reading it (measured: page faults).
#pragma once
#include <memory>
#include <optional>
#include <utility>

namespace runbook {

// A value like std::optional: copies and compares by what it holds.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : held_(std::make_unique<T>(std::move(value))) {}
  Boxed(std::optional<T> value) : held_(value ? std::make_unique<T>(*std::move(value)) : nullptr) {}
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  bool has_value() const { return held_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *held_; }
  const T& operator*() const { return *held_; }
  T* operator->() { return held_.get(); }
  const T* operator->() const { return held_.get(); }
  // What it holds, made where there is nothing yet.
  T& made() {
    if (!held_) held_ = std::make_unique<T>();
    return *held_;
  }
  bool operator==(const Boxed& other) const {
    return has_value() == other.has_value() && (!has_value() || *held_ == *other.held_);
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace runbook
