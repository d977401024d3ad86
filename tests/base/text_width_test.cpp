#include "base/text_width.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("Hangul takes two columns, and padding knows it") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("복원") == 4);
  CHECK(pad_right("복원", 6) == "복원  ");
  CHECK(fit("데이터베이스 복원", 9) == "데이터...");
  CHECK(display_width(fit("데이터베이스 복원", 10)) == 10);
}

TEST_CASE("nothing that is shown moves the cursor or turns the text around") {
  CHECK(printable("a\x1b[31mb") == "a^[[31mb");
  CHECK(printable("a\rb") == "a^Mb");
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a<U+202E>b");
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable_lines("a\n\tb\r") == "a\n\tb^M");
}
