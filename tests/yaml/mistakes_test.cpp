#include "tests/yaml/read.h"

using namespace runbook;
using namespace runbook::yaml;
using namespace runbook::yaml::tests;

#define RETYPE " (type it again with the space bar)"

TEST_CASE("each of the mistakes people make gets its own hint, at its place") {
  struct Case {
    const char* text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"when: !vars.skip\n", "RB113 1:7 `!vars.skip`: `!` starts a YAML tag (quote the expression: '!vars.skip')"},
      {"expect: \"ok\" == json.s\n",
       "RB131 1:14 `== json.s`: text after the closing quote (an expression that begins with a quote must be quoted as a whole)"},
      {"expect: 'ok' == json.s\n",
       "RB131 1:14 `== json.s`: text after the closing quote (an expression that begins with a quote must be quoted as a whole)"},
      {"expect: s.contains(\"a: b\")\n",
       "RB132 1:22 `:`: `: ` ends a plain text (quote the text as a whole, or write it as a block (`|` and the text on the next lines))"},
      {"shell: curl -H \"Accept: x\" http://h\n",
       "RB132 1:23 `:`: `: ` ends a plain text (quote the text as a whole, or write it as a block (`|` and the text on the next lines))"},
      {"expect: a ? b : c\n",
       "RB132 1:15 `:`: `: ` ends a plain text (quote the text as a whole, or write it as a block (`|` and the text on the next lines))"},
      {"shell: echo \"step #1\"\n",
       "RB120 1:19 `#1\"`: ` #` starts a comment: the text ends here, inside its quotes (quote the whole text or write it as a block (`|`))"},
      {"shell: echo step #1\n",
       "RB121 warning 1:18 `#1`: ` #` starts a comment: the text ends before it (quote the text if `#` belongs to it; write a comment as two blanks, `# `, and the comment)"},
      {"title: don't stop #1\n",
       "RB121 warning 1:19 `#1`: ` #` starts a comment: the text ends before it (quote the text if `#` belongs to it; write a comment as two blanks, `# `, and the comment)"},
      {"ok: { expect: items.all(p, p.ok) }\n",
       "RB122 1:28 `p.ok)`: a comma inside { } splits: this became a key without a value (quote the value as a whole)"},
      {"ok: [ items.all(p, p.ok) ]\n",
       "RB123 warning 1:7 `items.all(p`: a comma inside [ ] splits: this text has an open bracket (quote it)"},
      {"url: {{ base }}/health\n",
       "RB124 1:6 `{{`: `{{ }}` is not read as a template: in YAML it is a map in a map (write ${vars.name}, or quote the text)"},
      {"url: {{ base }}\n",
       "RB124 1:6 `{{`: `{{ }}` is not read as a template: in YAML it is a map in a map (write ${vars.name}, or quote the text)"},
      {"a:\n\tb: 1\n", "RB130 2:1 `\t`: a tab in the indentation; YAML wants spaces (replace each tab by spaces)"},
      {"a:\n  b: 1\n \tc: 2\n", "RB130 3:2 `\t`: a tab in the indentation; YAML wants spaces (replace each tab by spaces)"},
      {"steps:\n  - id: a\n    shell true\n",
       "RB136 3:5 `shell true`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"steps:\n  - id:a\n    shell: b\n", "RB143 2:5 `id:a`: a blank is missing behind `:` (write `id: a`)"},
      {"steps:\n  -id: a\n    shell: b\n", "RB143 2:3 `-id: a`: a blank is missing behind `-` (write `- id: a`)"},
      {"- id: a\n  url: http://x\n    shell: b\n",
       "RB137 3:5 `shell: b`: the indentation fits nothing above it (indent it as the keys beside it)"},
      {"- id: a\n  shell: |\n  set -e\n  changes: b\n",
       "RB142 3:3 `set -e`: this line does not belong to the block (`|`) above it (indent its lines deeper than the key of the block)"},
      {"- id: a\n  shell: >-\n\n  set -e\n  echo\n  changes: b\n",
       "RB142 5:3 `echo`: this line does not belong to the block (`>-`) above it (indent its lines deeper than the key of the block)"},
      {"- id: a\n  url:\n  http://x/y\n  shell: b\n",
       "RB136 3:3 `http://x/y`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: |\nx\n  y\nz: 1\n", "RB136 3:3 `y`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"title: 'it's on'\n",
       "RB131 1:12 `s on'`: text after the closing quote (write a quote inside of '...' twice ('it''s'), or use double quotes)"},
      {"shell: 'echo 'hi''\n",
       "RB131 1:15 `hi''`: text after the closing quote (write a quote inside of '...' twice ('it''s'), or use double quotes)"},
      {"title: \"say \"no\"\"\n",
       "RB131 1:14 `no\"\"`: text after the closing quote (write a quote inside of \"...\" as `\\\"`, or use single quotes)"},
      {"title: @home\n", "RB135 1:8 `@`: a plain text cannot begin with `@` (quote the text)"},
      {"a: {ask: may it?, by: b}\n", "RB141 1:16 `?`: inside { } and [ ] a `?` ends a plain text (quote the text)"},
      {"title: `x`\n", "RB135 1:8 ```: a plain text cannot begin with ``` (quote the text)"},
      {"title: 100%\nuse: %x\n", "RB135 2:6 `%`: a plain text cannot begin with `%` (quote the text)"},
      {"title: *bold*\n", "RB139 1:8 `*`: `*` starts an alias, and nothing of this name is anchored with `&` (quote the text)"},
      {"title: \"a\\d\"\n", "RB138 1:10 `\\d`: `\\d` means nothing inside double quotes (use single quotes, or write `\\\\`)"},
      {"title: [a, b\nnext: 1\n", "RB133 1:8 `[`: `[` is never closed"},
      {"title: a]\nb: ]\n", "RB134 2:4 `]`: `]` closes nothing"},
      {"a: 1\n   b: 2\n", "RB137 2:4 `b: 2`: the indentation fits nothing above it (indent it as the keys beside it)"},
      {"title: \"open\nnext: 1\n", "RB115 1:8 `\"`: this quote is never closed"},
      {"title: 'open\nnext: 1\n", "RB115 1:8 `'`: this quote is never closed"},
      {"title: \"open",
       "RB106 1:13 ``: the file does not end with a newline: it may have been cut off (look whether its end is there, then add a newline)\nRB115 1:8 `\"`: this quote is never closed"},
      {"title: 'open'",
       "RB106 1:14 ``: the file does not end with a newline: it may have been cut off (look whether its end is there, then add a newline)"},
      {"a: 1\na: 2\n", "RB111 2:1 `a`: the key `a` stands twice in the same place"},
      {"a: {b: 1, b: 2}\n", "RB111 1:11 `b`: the key `b` stands twice in the same place"},
      {"base: &b {x: 1}\nuse:\n  <<: *b\n",
       "RB112 3:3 `<<`: merge keys (`<<`) are not read (write the keys out, or name the whole value with an alias)"},
      {"a: 1\n---\nb: 2\n", "RB114 2:1 `---`: a second YAML document begins here; one file is one runbook"},
      {"%YAML 1.2\n---\na: 1\n", "RB140 1:1 `%YAML 1.2`: directives (`%`) are not read (delete the line)"},
      {"[a]: 1\n", "RB116 1:1 `[`: a key must be a text (quote it)"},
      {"? {a: b}\n: 1\n", "RB116 1:3 `{`: a key must be a text (quote it)"},
      {"a: &x [*x]\n", "RB117 1:8 `*x`: this alias stands inside what it refers to"},
      {"a: *nowhere\n", "RB139 1:4 `*`: `*` starts an alias, and nothing of this name is anchored with `&` (quote the text)"},
      {"a: !!str 1\n", "RB113 1:4 `!!str`: `!` starts a YAML tag (quote the expression: '!!str 1')"},
      {"a: &x !t 1\n", "RB113 1:7 `!t`: `!` starts a YAML tag (quote the expression: '!t 1')"},
      {"a: !x \"b: c\" d\n", "RB113 1:4 `!x`: `!` starts a YAML tag (quote the expression: '!x \"b: c\" d')"},
      {"title: \"a\" b\nuse: *x\n",
       "RB131 1:12 `b`: text after the closing quote (an expression that begins with a quote must be quoted as a whole)"},
      {"한국어 제목: \"열린\n", "RB115 1:19 `\"`: this quote is never closed"},
      {"제목: 값: 더\n",
       "RB132 1:12 `:`: `: ` ends a plain text (quote the text as a whole, or write it as a block (`|` and the text on the next lines))"},
      {"a: \"b\"c\n",
       "RB131 1:7 `c`: text after the closing quote (an expression that begins with a quote must be quoted as a whole)"},
      {"a: - b\n", "RB135 1:4 `-`: a plain text cannot begin with `- ` (put the list on the next line, or quote the text)"},
      {"a:\n- b\n c: d\n", "RB137 3:2 `c: d`: the indentation fits nothing above it (indent it as the keys beside it)"},
      {"a: >\n b\nc\n", "RB136 3:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"- a\nb: c\n", "RB137 2:1 `b: c`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"a: [1, 2]]\n", "RB134 1:10 `]`: `]` closes nothing"},
      {"a: {b: c\n", "RB133 1:4 `{`: `{` is never closed"},
      {"- { a: b, expect: rows[0].n == 0 }\n- { a: b }\n",
       "RB133 1:3 `{`: `{` is never closed (inside { } and [ ] a text that holds brackets or `?` must be quoted: { expect: \"rows[0].n == 0\" })"},
      {"a: ? b\n", "RB137 1:1 `a: ? b`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"a: @b\nc: \"d\" e\n", "RB135 1:4 `@`: a plain text cannot begin with `@` (quote the text)"},
      {"a: 1\nc\n", "RB136 2:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: 1\nc\nd: 1\n", "RB136 2:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a:\n  - b\nc\n", "RB136 3:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: \"x\"\nc\n", "RB136 2:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: [1]\nc\n", "RB136 2:1 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: 1\n- c\n", "RB137 2:1 `- c`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"- 1\n2\n", "RB137 2:1 `2`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"a: 1\n...\nb: 2\n",
       "RB137 3:1 `b: 2`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"a: 1\n---\n", "RB114 2:1 `---`: a second YAML document begins here; one file is one runbook"},
      {"a: 1\n}\n", "RB134 2:1 `}`: `}` closes nothing"},
      {"\"a\": 1\n\"c\"\n",
       "RB137 2:1 `\"c\"`: the indentation fits nothing above it (indent it as the lines that it belongs to)"},
      {"x\ny: 1\n", "RB136 1:1 `x`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"a: 1\n---\n# only a comment\n", "RB114 2:1 `---`: a second YAML document begins here; one file is one runbook"},
      {"a:\n  b: 1\n  c\n", "RB136 3:3 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"- a: 1\n  c\n", "RB136 2:3 `c`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"? a\n", "RB136 1:3 `a`: this line has no `: ` (a key is followed by a colon and a blank: `key: value`)"},
      {"changes: none\u00a0\n", "RB144 1:14 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"changes: none\u3000 # a\n",
       "RB144 1:14 `\u3000`: this blank is U+3000 (the wide blank of an input method): to YAML it is a letter" RETYPE},
      {"a: \u2003b\n", "RB144 1:4 `\u2003`: this blank is U+2003 (a blank of typesetting): to YAML it is a letter" RETYPE},
      {"a: 1\nb:\u00a0c\nd: 2\n", "RB144 2:3 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"- a: 1\n  b:\u00a0c\n  d: 2\n",
       "RB144 2:5 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a\u00a0: 1\n", "RB144 1:2 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a:\n\u00a0\u00a0b: 1\n  c: 2\n",
       "RB144 2:1 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a:\n  b: 1\n\u00a0\u00a0c: 2\n  d: 3\n",
       "RB144 3:1 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a:\n-\u00a0b: 1\n  c: 1\n", "RB144 2:2 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a:\n  -\u00a0b\n", "RB144 2:4 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a: |\n\u00a0\u00a0b\nc: 1\n", "RB144 2:1 `\u00a0`: this blank is U+00A0 (no-break space): to YAML it is a letter" RETYPE},
      {"a: |\n  \u3000b: c\nd: [\n", "RB133 3:4 `[`: `[` is never closed"},
      {"- a: |\n    b:\u3000c\n  d: [\n", "RB133 3:6 `[`: `[` is never closed"},
      {"a: {b}\n", "RB122 1:5 `b`: a comma inside { } splits: this became a key without a value (quote the value as a whole)"},
  }));
  INFO(c.text);
  CHECK(complaints_of(c.text) == c.says);
}

TEST_CASE("what only resembles a mistake passes in silence") {
  const auto text = GENERATE(as<std::string>{}, "shell: echo step  # a comment\n", "- 롤백 후: 서비스 정상\n",
                             "contact: [연락처 정보]\n", "a: b # fine\n", "a: 'it''s #1'\n", "a: |\n  echo \"x #1\"\n",
                             "a: \"x # y\"\n", "a: x#y\n", "a: b ## c\n", "a: &b\n", "a: 1\n...\n", "---\na: 1\n...\n", "x\n",
                             "title: 하나\u3000둘\u00a0셋\n", "a: \"\u3000b\u00a0\"\n", "a: |\n  \u3000b:\u00a0c\u3000\n",
                             "- 확인:\u3000정상\n", "a: b # \u3000\n", "a: >\n  b\u3000\n  \u3000c\n", "a: b\u3000\n  c\n",
                             "a:\n  \"b\":\nc:\n", "? a\n: \n", "\"c\" :\n", "a: &x b\n*x :\n", "a: # c: d\n", "c # d: e\n");
  INFO(text);
  CHECK(complaints_of(text).empty());
}

TEST_CASE("all that is wrong is told in one pass, errors before warnings") {
  CHECK(
      complaints_of("a: 1\na: 2\nb: [x(1, y]\n<<: {c: 1, c: 2}\nd: run it #1\n") ==
      "RB111 2:1 `a`: the key `a` stands twice in the same place\n"
      "RB112 4:1 `<<`: merge keys (`<<`) are not read (write the keys out, or name the whole value with an alias)\n"
      "RB111 4:12 `c`: the key `c` stands twice in the same place\n"
      "RB123 warning 3:5 `x(1`: a comma inside [ ] splits: this text has an open bracket (quote it)\n"
      "RB121 warning 5:11 `#1`: ` #` starts a comment: the text ends before it (quote the text if `#` belongs to it; write a comment as two blanks, `# `, and the comment)");
}

TEST_CASE("a duplicate names the first one, in large maps too") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "key" + std::to_string(i) + ": 1\n";
  Diagnostics warnings;
  const auto parsed_text = parse(text + "key7: 2\n", 0, {}, warnings);
  REQUIRE_FALSE(parsed_text);
  REQUIRE(parsed_text.error().size() == 1);
  CHECK(parsed_text.error()[0].at == Place{0, 101, 1, 4});
  REQUIRE(parsed_text.error()[0].notes.size() == 1);
  CHECK(parsed_text.error()[0].notes[0].at == Place{0, 8, 1, 4});
}
