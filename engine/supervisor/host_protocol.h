// What the engine and a host say to each other through ssh. The host's side is our small program in its other role
// (`runbook-supervisor host DIRECTORY`): it makes an attempt's files there, starts its supervisor, and reads back what became
// of it. Nothing here is remembered by a connection: after a cut link the same words are said again on the next one.
//
//   engine                        host
//                                 "RBHOST hello\n", Hello      whatever a login prints before it is skipped
//   Place(name, script)       ->  Placed | Refused             made and synced; a second time: found as it was
//   Launch(order, identity)   ->  Found | Refused              once, ever: the claim there decides (3-execution.md, section 3)
//   Look(name, identity)      ->  Found                        as soon as nobody runs it (any more)
//   Signal(nonce, number)                                      to its supervisor, now or as soon as it has claimed
//   Ping                                                       a host that hears nothing for a while ends its side
//
// On the wire a message is its length (4 bytes), its kind (1 byte) and its fields (packing.h).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "supervisor/evidence.h"
#include "supervisor/order.h"

namespace runbook::host {

inline constexpr std::string_view greeting = "RBHOST hello\n";
inline constexpr const char *role = "host", *check_role = "host-check";  // the program's first argument
inline constexpr std::int64_t patience = 90;                             // seconds without a word

struct Place {
  AttemptName name;
  std::string script;
  bool operator==(const Place&) const = default;
};
// The order says slot 0, or -1 for a light attempt; descriptors and paths are the host's to fill in. Its environment comes
// on top of the login's; an empty `cwd` is the home directory. `script`: of a light attempt, which has no files before.
struct Launch {
  Order order;
  std::string identity;
  std::string script;
  bool script_is_last_argument = true;
  bool operator==(const Launch&) const = default;
};
struct Look {
  AttemptName name;
  std::string identity;  // of the slot file, as Placed told it
  std::string world;     // of the host, then
  bool operator==(const Look&) const = default;
};
struct Signal {
  std::string nonce;
  std::int32_t number = 0;
  bool operator==(const Signal&) const = default;
};
struct Ping {
  bool operator==(const Ping&) const = default;
};
using ToHost = std::variant<Place, Launch, Look, Signal, Ping>;

struct Hello {
  std::string world;
  std::int64_t monotonic = 0;  // the host's clock that deadlines are told on, nanoseconds
  bool operator==(const Hello&) const = default;
};
struct Placed {
  std::string nonce, identity;
  bool operator==(const Placed&) const = default;
};
struct Refused {
  std::string nonce, why;
  bool operator==(const Refused&) const = default;
};
// Nobody runs it: what lies there, read in the one right order. Whether the output matches is told by the reader.
struct Found {
  std::string nonce;
  BlockState claim = BlockState::none, exit = BlockState::none;
  Files files = Files::ours;
  bool same_world = true;
  std::int32_t supervisor_exit = -1;  // SupervisorExit, where this connection was its parent
  std::string record;                 // the exit block, whole
  std::string out, err;
  std::string living;  // of a supervisor that died: what could not be killed
  bool operator==(const Found&) const = default;
};
using FromHost = std::variant<Hello, Placed, Refused, Found>;

std::string encode(const ToHost& message);  // framed
std::string encode(const FromHost& message);

// Cuts a stream of bytes into messages. A message that is none of ours ends it: whoever speaks there is not our program.
class Frames {
 public:
  void add(std::string_view bytes) { bytes_.append(bytes); }
  std::optional<ToHost> next_to_host();
  std::optional<FromHost> next_from_host();
  bool broken() const { return broken_; }

 private:
  template <class Message>
  std::optional<Message> next();
  std::string bytes_;
  std::size_t begin_ = 0;
  bool broken_ = false;
};

}  // namespace runbook::host
