#include "base/json.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace runbook;

TEST_CASE("a number keeps its kind") {
  CHECK(parse_json("1") == Value(1));
  CHECK(parse_json("1.0") == Value(1.0));
  CHECK(parse_json("9223372036854775807") == Value(std::numeric_limits<std::int64_t>::max()));
  CHECK(parse_json("9223372036854775808") == Value(9223372036854775808.0));
  CHECK(parse_json("0.1") == Value(0.1));
  CHECK(to_json(Value(1.0)) == "1.0");
}

TEST_CASE("what is not strictly JSON is refused") {
  const auto text =
      GENERATE(values<const char*>({"", "{", "[1,]", "{\"a\":1,\"a\":2}", "1 2", "'a'", "nul", "1e999", "\"\xff\""}));
  INFO(text);
  CHECK_FALSE(parse_json(text));
  CHECK_FALSE(parse_json(std::string(300, '[')));
}

TEST_CASE("packing brings every kind back as itself") {
  const Value value =
      GENERATE(Value(), Value(true), Value(-3), Value(std::uint64_t{7}), Value(2.5),
               Value(std::numeric_limits<double>::infinity()), Value("한글"), Value(Value::Bytes{std::string("\0\xff", 2)}),
               Value(Value::List{1, "a"}), Value(Value::Map{{Value("a"), Value(1)}}), Value(Value::Map{{Value(1), Value(2)}}),
               Value(Value::Map{{Value("$uint"), Value("3")}}), Value(std::chrono::nanoseconds(5)), Value(Value::Timestamp{3, 4}),
               Value(Value::Type{"int"}));
  const auto parsed = parse_json(to_json(pack(value)));
  REQUIRE(parsed);
  CHECK(unpack(*parsed) == value);
}
