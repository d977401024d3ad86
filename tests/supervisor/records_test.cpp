#include "supervisor/records.h"

#include <catch2/catch.hpp>

#include "supervisor/order.h"

using namespace runbook;

namespace {

const AttemptName name{"0123456789abcdef", "k7f3m", "group/step", 7, 2};

ExitRecord exit_record() {
  ExitRecord record;
  record.name = name;
  record.ending = Ending::signalled;
  record.code = 9;
  record.by = EndedBy::deadline;
  record.leftover = Leftover::killed;
  record.started = 1'800'000'000'000'000;
  record.ended = record.started + 5;
  record.ran = 5000;
  record.out = {StreamRecord::State::capped, 1'000'000, 4096, sha256("x", 1)};
  record.err = {StreamRecord::State::whole, 3, 3, sha256("abc", 3)};
  record.left = "4711 sleep (root, S)";
  return record;
}
const Claim claim{name, "boot/1/2", {4711, 99}, 1'800'000'000'000'000};

}  // namespace

TEST_CASE("records come back as they were written") {
  CHECK(decode_claim(encode(claim)) == claim);
  CHECK(decode_exit(encode(exit_record())) == exit_record());
  const Leader leader{name, {12, 34}};
  CHECK(decode_leader(encode(leader)) == leader);
  CHECK(state_of(Block{}, BlockKind::claim) == BlockState::none);
  CHECK_FALSE(decode_claim(Block{}));
}

TEST_CASE("a record of one kind is not taken for another") {
  CHECK_FALSE(decode_exit(encode(claim)));
  CHECK(state_of(encode(claim), BlockKind::exit) == BlockState::torn);
  CHECK_FALSE(decode_claim(encode(exit_record())));
}

TEST_CASE("what is too long is cut, and still a record") {
  auto record = exit_record();
  record.name.step = std::string(10'000, 's');
  record.left = std::string(10'000, 'l');
  const auto back = decode_exit(encode(record));
  REQUIRE(back);
  CHECK(back->left == std::string(1023, 'l'));
  CHECK(back->name.step.size() == 255);
}

TEST_CASE("no torn and no flipped block is ever a record") {
  const Block whole = encode(exit_record());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Block flipped = whole;
    flipped[i] ^= static_cast<unsigned char>(1U << (i % 8));
    REQUIRE(state_of(flipped, BlockKind::exit) != BlockState::valid);
  }
  for (std::size_t sector = 512; sector < whole.size(); sector += 512) {  // a disk writes sectors, in any order
    Block head{}, tail = whole;
    std::copy_n(whole.begin(), sector, head.begin());
    std::fill_n(tail.begin(), sector, 0);
    if (head != whole) CHECK(state_of(head, BlockKind::exit) != BlockState::valid);
    CHECK(state_of(tail, BlockKind::exit) != BlockState::valid);
  }
}

TEST_CASE("an order comes back as it was given, and no part of one is an order") {
  Order order;
  order.name = name;
  order.world = "w";
  order.slot = 3;
  order.arguments = {"bash", "-c", "true"};
  order.environment = {"A=b", "C="};
  order.cwd = "/tmp";
  order.deadline = 123;
  order.background_allowed = true;
  order.attempts = 5;
  order.program = 6;
  order.input = 7;
  const std::string bytes = encode(order);
  CHECK(decode_order(bytes) == order);
  for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE_FALSE(decode_order(bytes.substr(0, size)));
  CHECK_FALSE(decode_order(bytes + "x"));
  std::string other = bytes;
  other[7] = '1';
  CHECK_FALSE(decode_order(other));  // of another version
}
