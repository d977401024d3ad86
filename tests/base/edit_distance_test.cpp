#include "base/edit_distance.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("the nearest known name is suggested, and nothing far away") {
  CHECK(nearest("db_verfy", {"db_verify", "db_restore"}) == "db_verify");
  CHECK(nearest("tiemout", {"timeout", "title"}) == "timeout");
  CHECK_FALSE(nearest("zebra", {"timeout", "title"}));
  CHECK(edit_distance("ab", "ba") == 1);
  CHECK_FALSE(nearest("a", {"b", "c"}));
  CHECK_FALSE(nearest("ab", {"c"}));
}
