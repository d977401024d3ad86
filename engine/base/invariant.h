// Our own promises, on in release too: a broken one ends the process, and `resume` is the recovery (crash-only).
#pragma once

namespace runbook {

[[noreturn]] void broken_promise(const char* why, const char* file, int line) noexcept;

inline void invariant(bool holds, const char* why, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!holds) broken_promise(why, file, line);
}

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace runbook
