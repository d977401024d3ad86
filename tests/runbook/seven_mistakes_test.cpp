// The seven mistakes of the language's description: each read from a whole runbook, each with a hint of its own.
#include <catch2/catch.hpp>
#include <map>

#include "reading.h"

namespace runbook::testing {

TEST_CASE("each of the seven mistakes that people make in YAML gets its own hint") {
  struct Case {
    const char* written;
    const char* code;
    Severity severity;
    const char* hint;  // of what is said and its help
  };
  const auto error = Severity::error, warning = Severity::warning;
  const auto c = GENERATE_COPY(values<Case>({
      {"steps:\n  - id: a\n    when: !vars.skip\n    shell: ls\n    changes: none\n", "RB113", error,
       "`!` starts a YAML tag|quote the expression: '!vars.skip'"},
      {"steps:\n  - id: a\n    shell: ls\n    changes: none\n    expect: \"ok\" == stdout\n", "RB131", error,
       "text after the closing quote|an expression that begins with a quote must be quoted as a whole"},
      {"steps:\n  - id: a\n    shell: curl -H \"Accept: x\" http://h\n    changes: none\n", "RB132", error,
       "`: ` ends a plain text|quote the text as a whole, or write it as a block (`|` and the text on the next lines)"},
      {"steps:\n  - id: a\n    shell: ls\n    changes: none\n    expect: 'true' ? exit : 1\n", "RB131", error,
       "text after the closing quote|an expression that begins with a quote must be quoted as a whole"},
      {"steps:\n  - id: a\n    shell: ls\n    changes: none\n    expect: exit == 0 ? true : false\n", "RB132", error,
       "`: ` ends a plain text|quote the text as a whole, or write it as a block (`|` and the text on the next lines)"},
      {"steps:\n  - id: a\n    shell: echo \"step #1\"\n    changes: none\n", "RB120", error,
       "` #` starts a comment: the text ends here, inside its quotes|quote the whole text or write it as a block (`|`)"},
      {"steps:\n  - id: a\n    shell: echo step #1\n    changes: none\n", "RB121", warning,
       "` #` starts a comment: the text ends before it|quote the text if `#` belongs to it; write a comment as two blanks, `# `, and the comment"},
      {"steps:\n  - { id: a, shell: ls, changes: none, expect: json.items.all(p, p.ok) }\n", "RB122", error,
       "a comma inside { } splits: this became a key without a value|quote the value as a whole"},
      {"steps:\n  - { id: a, shell: ls, changes: none }\nafter:\n  - 롤백 후: 서비스 정상\n", "RB208", error,
       "`after` takes a text, this is a map|`: ` makes a map: quote the sentence"},
      {"steps:\n  - id: a\n    manual:\n      ask: 확인\n      items:\n        - 롤백 후: 서비스 정상\n    timeout: 5m\n",
       "RB260", error, "an item is a text or {text, input, optional}|`: ` makes a map: quote the sentence"},
      {"contact: [연락처 정보]\nsteps:\n  - { id: a, shell: ls, changes: none }\n", "RB207", error,
       "`contact` takes a text, this is a list|[ ] makes a list: quote the text"},
  }));
  INFO(c.written);
  const auto reading =
      read_runbook(inputs_of("runbook.yaml"), files_in({{"runbook.yaml", std::string("runbook: 1\n") + c.written}}), all_kinds());
  REQUIRE(reading.diagnostics.size() == 1);
  const auto& said = reading.diagnostics[0];
  CHECK(said.code == c.code);
  CHECK(said.severity == c.severity);
  CHECK(said.text.en + "|" + said.help.en == c.hint);
  CHECK(said.text.ko != said.text.en);
  CHECK(said.help.ko != said.help.en);
}

}  // namespace runbook::testing
