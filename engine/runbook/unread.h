// What was refused and so is not known. A file is looked through to its end whatever is wrong in it, and nothing that would
// follow from a part that is not known is complained about: better one mistake unsaid than one that is none.
#pragma once
#include <cstdint>
#include <string_view>

namespace runbook {

// The parts that something else is looked at by.
enum class Part : std::uint16_t {
  // of a step
  id = 1U << 0U,        // what it is called, and whether another one is called so
  needs = 1U << 1U,     // what it waits for
  for_each = 1U << 2U,  // whether it has elements, and so an `item`
  action = 1U << 3U,    // what it does, and so what it results in
  outputs = 1U << 4U,
  // of a file: which names it declares
  variables = 1U << 5U,
  secrets = 1U << 6U,
  connections = 1U << 7U,
  // of both
  environment = 1U << 8U,
  folder = 1U << 9U,
  rest = 1U << 10U,  // what is seen from nowhere else
};

// Empty in every runbook that can be run.
class Unread {
 public:
  static Unread everything() { return Unread(0xFFFFU); }
  static Unread everything_of_a_step() {
    constexpr auto of_a_file =
        static_cast<unsigned>(Part::variables) | static_cast<unsigned>(Part::secrets) | static_cast<unsigned>(Part::connections);
    return Unread(0xFFFFU & ~of_a_file);
  }
  Unread() = default;
  bool has(Part part) const { return (parts_ & static_cast<unsigned>(part)) != 0; }
  bool empty() const { return parts_ == 0; }
  void add(Part part) { parts_ = static_cast<std::uint16_t>(parts_ | static_cast<unsigned>(part)); }
  void add(Unread more) { parts_ = static_cast<std::uint16_t>(parts_ | more.parts_); }
  bool operator==(const Unread&) const = default;

 private:
  explicit Unread(unsigned parts) : parts_(static_cast<std::uint16_t>(parts)) {}
  std::uint16_t parts_ = 0;
};

// What the value of this key says; `rest` of a key that nothing else is looked at by.
Part part_of(std::string_view key);

}  // namespace runbook
