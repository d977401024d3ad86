// What engine and host say to each other comes through whole, in whatever pieces, and nothing else is taken for it.
#include <catch2/catch.hpp>

#include "supervisor/host_protocol.h"

using namespace runbook;

namespace {

host::Launch a_launch() {
  host::Launch out;
  out.order.name = {"0123456789abcdef0123456789abcdef", "k7f3", "data/restore", 7, 2};
  out.order.arguments = {"sh", "-eu"};
  out.order.environment = {"VALUE=따옴표 ' \" \n $(touch x)"};
  out.order.deadline = 12345;
  out.order.slot = 0;
  out.identity = "1.2.3";
  out.script = "echo \"$VALUE\"\n";
  return out;
}

const std::vector<host::ToHost> all_to_host{host::Place{{"n", "r", "s", 1, 2}, std::string("a\0b", 3)}, a_launch(),
                                            host::Look{{"n", "r", "s", 1, 2}, "id", "world"}, host::Signal{"n", 15},
                                            host::Ping{}};

host::Found a_find() {
  host::Found out;
  out.nonce = "n";
  out.claim = BlockState::valid;
  out.exit = BlockState::torn;
  out.files = Files::missing_or_foreign;
  out.same_world = false;
  out.supervisor_exit = 4;
  out.record = std::string(block_size, 'x');
  out.out = std::string(200'000, 'o');
  out.err = "e";
  out.living = "4711 sleep";
  return out;
}
const std::vector<host::FromHost> all_from_host{host::Hello{"world", 42}, host::Placed{"n", "id"}, host::Refused{"n", "full"},
                                                a_find()};

}  // namespace

TEST_CASE("every message comes through whole, in pieces of any size") {
  const std::size_t piece = GENERATE(1, 3, 4096, 1'000'000);
  std::string to, from;
  for (const auto& message : all_to_host) to += encode(message);
  for (const auto& message : all_from_host) from += encode(message);
  host::Frames there, back;
  std::vector<host::ToHost> heard;
  std::vector<host::FromHost> answered;
  for (std::size_t at = 0; at < to.size(); at += piece) {
    there.add(std::string_view(to).substr(at, piece));
    while (auto message = there.next_to_host()) heard.push_back(*message);
  }
  for (std::size_t at = 0; at < from.size(); at += piece) {
    back.add(std::string_view(from).substr(at, piece));
    while (auto message = back.next_from_host()) answered.push_back(*message);
  }
  CHECK(heard == all_to_host);
  CHECK(answered == all_from_host);
  CHECK(!there.broken());
  CHECK(!back.broken());
}

TEST_CASE("what is no message ends the conversation") {
  const std::string good = encode(host::ToHost(a_launch()));
  std::string kind = good, longer = good, shorter = good, order = good;
  kind[4] = 77;
  longer[0] = static_cast<char>(longer[0] + 1);
  longer += "x";
  shorter[0] = static_cast<char>(shorter[0] - 1);
  order[5 + 8] = 'X';  // the order's own version
  for (const auto& bytes : {kind, longer, shorter, order, std::string("Welcome to host h!\n")}) {
    host::Frames frames;
    frames.add(bytes);
    CHECK(!frames.next_to_host());
    CHECK(frames.broken());
  }
}
