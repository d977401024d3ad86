#include "cli/large_pages.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace runbook {
namespace {

constexpr std::size_t long_file = 128U << 10U, longest_file = 16U << 20U;
constexpr std::size_t page = 2U << 20U;
// What becomes of it takes so many times the room of its text.
constexpr std::size_t times = 30;

}  // namespace

void use_large_pages_for(const std::string& file) {
#ifdef __GLIBC__
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error || size < long_file) return;
  const std::size_t room = times * std::min<std::size_t>(size, longest_file);
  // One piece of address space, which takes memory only where it is written, instead of a map for each large vector.
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(2 * room));
  ::mallopt(M_TOP_PAD, static_cast<int>(room));
  const auto before = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  void* volatile grown = std::malloc(page);  // volatile: allocated and freed it may not be optimised away
  std::free(grown);
  const auto after = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  ::mallopt(M_TOP_PAD, static_cast<int>(page));
  if (after - before < room) return;  // another allocator, or no room
  const auto begin = (before + page - 1) / page * page;
  ::madvise(reinterpret_cast<void*>(begin), after / page * page - begin, MADV_HUGEPAGE);
#endif
}

}  // namespace runbook
