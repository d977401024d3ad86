#include "base/masker.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("a secret is masked in every form in which it may leave") {
  Masker masker;
  REQUIRE(masker.add("pass word\"1\nsecond line"));
  CHECK(masker.text("x pass word\"1\nsecond line y") == "x ****** y");
  CHECK(masker.text("cGFzcyB3b3JkIjEKc2Vjb25kIGxpbmU=") == "******");
  CHECK(masker.text("pass%20word%221%0Asecond%20line") == "******");
  CHECK(masker.text("pass word\\\"1\\nsecond line") == "******");
  CHECK(masker.text("second line alone") == "****** alone");
}

TEST_CASE("a secret too short to be masked is said to be so") {
  Masker masker;
  CHECK_FALSE(masker.add("abc"));
  CHECK(masker.text("abc") == "abc");
}

TEST_CASE("a masked value keeps its shape") {
  Masker masker;
  masker.add("hunter22");
  const Value value = Value::Map{{Value("a"), Value(Value::List{"hunter22", 1})}};
  CHECK(masker.value(value) == Value(Value::Map{{Value("a"), Value(Value::List{"******", 1})}}));
}
