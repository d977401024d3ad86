// The reference of the language on a terminal.
#include "view/key_reference.h"

#include "action/kinds.h"
#include "golden.h"
#include "runbook/keys.h"

using namespace runbook;
using namespace runbook::testing;

TEST_CASE("the reference tells every key, in both languages") {
  check_golden("keys.en.txt", key_reference(all_kinds(), english));
  check_golden("keys.ko.txt", key_reference(all_kinds(), korean));
  const std::string all = key_reference(all_kinds(), english);
  for (const auto& name : reference_names(all_kinds())) {
    INFO(name);
    CHECK(all.find(name) != std::string::npos);
  }
}

TEST_CASE("one key is told with its places, default and example") {
  std::string some;
  for (const char* key : {"timeout", "retry", "use", "shell", "base", "url", "ssh"})
    some += key_reference(all_kinds(), key, english) + "\n";
  check_golden("key-some.en.txt", some);
  check_golden("key-retry.ko.txt", key_reference(all_kinds(), "retry", korean));
  CHECK(key_reference(all_kinds(), "tittle", english).empty());
}
