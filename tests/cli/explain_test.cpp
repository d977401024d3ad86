// A runbook as a document and as a graph, given to the programs that read such things.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/command.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

// Words that would be markup somewhere.
constexpr const char* hostile = R"runbook(runbook: 1
id: hostile
title: '<script>alert("1")</script> & "quoted" \ {a} `b` |c| # d; end'
description: "</style><img src=x onerror=y>"
contact: "[a](javascript:b)"
references: ["<b>"]
vars: { v: { type: string, default: "<i>|`", help: "'help' & <u>" } }
preconditions: [{ id: before, shell: 'test "<a>" != "&amp;"' }]
steps:
  - id: one
    title: '"; s9 -> s9; "\"'
    shell: |
      echo "<script>" && echo '```'
    changes: "<b>all</b>"
  - id: group
    title: "end] %% --> {{x}}"
    steps:
      - { id: two, title: "a\\", shell: ls, changes: none }
      - { id: three, needs: [], manual: { ask: "<b>?", items: ["<i>", "]"] }, timeout: 1m }
success: [{ id: ok, expect: "1 < 2 && 2 > 1" }]
after: ["<hr>"]
)runbook";

std::vector<std::string> books() {
  std::vector<std::string> out;
  for (const char* folder : {"/runbooks", "/examples"})
    for (const auto& entry : fs::directory_iterator(std::string(RUNBOOK_SOURCE_DIR) + folder))
      if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  return out;
}

// Fails on an unclosed or unknown tag, on anything that would be loaded, and prints the text.
constexpr const char* reader = R"py(
import sys, html.parser, xml.etree.ElementTree as tree
text = open(sys.argv[1], encoding='utf-8').read()
known = set('html head meta title style body h1 h2 h3 p dl dt dd table tr td ol ul li b code pre div input svg a rect text line'.split())
class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
    def handle_starttag(self, tag, attributes):
        assert tag in known, tag
        for name, value in attributes:
            assert name != 'src' and not name.startswith('on'), name
            assert name != 'href' or value.startswith('#s'), value
        if tag not in ('meta', 'input'): self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        assert tag in known, tag
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        if self.open and self.open[-1] != 'style': print(data)
reader = Reader()
reader.feed(text)
reader.close()
assert not reader.open, reader.open
if '<svg' in text:
    drawing = tree.fromstring(text[text.index('<svg'):text.index('</svg>') + 6])
    width, height = (int(drawing.get(side)) for side in ('width', 'height'))
    for box in drawing.iter('rect'):
        assert int(box.get('x')) + int(box.get('width')) <= width and int(box.get('y')) + int(box.get('height')) <= height
        assert 'id="' + 's' in text
    for link in drawing.iter('a'):
        assert 'id="%s"' % link.get('href')[1:] in text
)py";

struct Pages : Workplace {
  Pages() {
    write("hostile.yaml", hostile);
    write("reader.py", reader);
  }
  std::string explained(const std::string& book, const std::string& format) const {
    const auto said = runbook({"explain", book, "--format", format});
    INFO(said.err);
    CHECK(said.code == 0);
    return said.out;
  }
};

}  // namespace

TEST_CASE("Graphviz draws every runbook of the project, and one whose words would be markup") {
  const Pages pages;
  auto files = books();
  files.emplace_back("hostile.yaml");
  for (const auto& file : files) {
    if (read_file(file).find("\nsteps:") == std::string::npos && file != "hostile.yaml") continue;
    INFO(file);
    pages.write("a.dot", pages.explained(file, "dot"));
    const auto drawn = pages.shell("dot -Tsvg a.dot > a.svg");
    INFO(drawn.err);
    CHECK(drawn.code == 0);
    CHECK(drawn.err.find("rror") == std::string::npos);
  }
  pages.shell("dot -Tplain a.dot > plain");
  // Nothing of a title became a node.
  CHECK(pages.shell("grep -c ^node plain").out == "3\n");
}

TEST_CASE("Mermaid: every node of an edge is declared, groups are closed, labels hold nothing that ends them") {
  const Pages pages;
  std::istringstream lines(pages.explained("hostile.yaml", "mermaid"));
  std::set<std::string> declared;
  int open = 0, edges = 0;
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK(line.starts_with("flowchart"));
  while (std::getline(lines, line)) {
    INFO(line);
    std::istringstream words(line);
    std::string first, arrow, last;
    words >> first >> arrow >> last;
    if (first == "subgraph") {
      ++open;
      first = arrow;
    } else if (first == "end") {
      --open;
      continue;
    } else if (arrow.ends_with("->") || arrow.ends_with("=>") || arrow == "==>") {
      ++edges;
      CHECK(declared.contains(first));
      CHECK(declared.contains(last));
      continue;
    }
    declared.insert(first.substr(0, first.find_first_of("[({")));
    const auto begin = line.find('"'), end = line.rfind('"');
    REQUIRE(begin != end);
    const auto label = line.substr(begin + 1, end - begin - 1);
    CHECK(label.find_first_of("\"<>") == std::string::npos);
  }
  CHECK(open == 0);
  CHECK(edges > 0);
  CHECK(declared.size() == 4);
}

TEST_CASE("HTML is one file that loads nothing, and what somebody wrote stays text") {
  const Pages pages;
  auto files = books();
  files.emplace_back("hostile.yaml");
  std::string text;
  for (const auto& file : files) {
    if (file != "hostile.yaml" && read_file(file).find("\nsteps:") == std::string::npos) continue;
    INFO(file);
    pages.write("a.html", pages.explained(file, "html"));
    const auto read = pages.shell("python3 reader.py a.html");
    INFO(read.err);
    CHECK(read.code == 0);
    text = read.out;
  }
  CHECK_THAT(text, Contains("<script>alert(\"1\")</script> & \"quoted\"") && Contains("echo \"<script>\" && echo '```'") &&
                       Contains("1 < 2 && 2 > 1") && Contains("</style><img src=x onerror=y>"));
}

TEST_CASE("Markdown: a fence is longer than those in the code") {
  const Pages pages;
  CHECK_THAT(pages.explained("hostile.yaml", "md"), Contains("   ````bash\n") && Contains("   ````\n"));
}

TEST_CASE("the reference of the language as a page") {
  const Pages pages;
  const auto page = pages.runbook({"explain", "--keys", "--format", "md"});
  CHECK(page.code == 0);
  CHECK_THAT(page.out, Contains("## the top level\n") && Contains("\n| `retry` | map | tries again: {every, for} |\n"));
  CHECK(pages.runbook({"explain", "--keys", "--format", "dot"}).code == 2);
}

}  // namespace runbook::tests
