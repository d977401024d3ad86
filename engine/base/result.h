// A value, or what is wrong. The pure parts return it; exceptions of libraries end at the folder's border.
#pragma once
#include <tl/expected.hpp>

#include "base/diagnostic.h"

namespace runbook {

template <class T, class E = Diagnostics>
using Result = tl::expected<T, E>;

template <class E>
tl::unexpected<std::decay_t<E>> failure(E&& why) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(why));
}

}  // namespace runbook
