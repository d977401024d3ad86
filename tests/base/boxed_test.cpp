#include "base/boxed.h"

#include <catch2/catch.hpp>
#include <string>

using namespace runbook;

TEST_CASE("a boxed value copies and compares by what it holds") {
  Boxed<std::string> none, one = std::string("a long text that does not lie within a string");
  CHECK_FALSE(none);
  REQUIRE(one);
  Boxed<std::string> copy = one;
  CHECK(copy == one);
  CHECK(&*copy != &*one);
  *copy += "!";
  CHECK_FALSE(copy == one);
  copy = one;
  CHECK(copy == one);
  const Boxed<std::string> moved = std::move(copy);
  CHECK(moved == one);
  CHECK_FALSE(none == one);
  one = none;
  CHECK(one == none);
  one = std::string("x");
  CHECK(one->size() == 1);
  CHECK(none.made().empty());
  CHECK(none.has_value());
}
