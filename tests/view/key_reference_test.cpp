// The reference of the language on a terminal.
#include "view/key_reference.h"

#include "action/kinds.h"
#include "golden.h"
#include "runbook/keys.h"

using namespace runbook;
using namespace runbook::testing;

TEST_CASE("the reference tells every key, in both languages") {
  const std::string all = reference_text(key_reference(all_kinds(), Language::english), english);
  check_golden("keys.en.txt", all);
  check_golden("keys.ko.txt", reference_text(key_reference(all_kinds(), Language::korean), korean));
  for (const auto& name : reference_names(all_kinds())) {
    INFO(name);
    CHECK(all.find(name) != std::string::npos);
  }
}

TEST_CASE("one key is told with its places, default and example") {
  std::string some;
  for (const char* key : {"timeout", "retry", "use", "shell", "base", "url", "ssh"})
    some += reference_text(key_reference(all_kinds(), key, Language::english), english) + "\n";
  check_golden("key-some.en.txt", some);
  check_golden("key-retry.ko.txt", reference_text(key_reference(all_kinds(), "retry", Language::korean), korean));
  check_golden("key-retry.en.md", reference_markdown(key_reference(all_kinds(), "retry", Language::english)));
  CHECK(key_reference(all_kinds(), "tittle", Language::english).empty());
}
