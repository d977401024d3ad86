// Builds the document from yaml-cpp's events. Limits are checked while they arrive; everything else that is wrong is
// collected, so that one pass tells all.
#pragma once
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <unordered_map>
#include <unordered_set>

#include "yaml/document.h"
#include "yaml/node_stack.h"
#include "yaml/scalar.h"

namespace runbook::yaml {

// Thrown by the builder where going on would mean nothing: its reason is the last diagnostic.
struct GivenUp {};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, const Limits& limits, Diagnostics& wrong);

  Node take_root() { return std::move(root_); }
  // Open [ and { at the moment, innermost last: what a syntax error may be about.
  std::vector<std::size_t> open_brackets() const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    bool flow = false;
    std::size_t begin = 0;
    std::size_t items_before = 0, entries_before = 0;
    YAML::anchor_t anchor = 0;
    std::size_t nodes_before = 0, deepest = 0;
    bool has_key = false;  // the last of the entries waits for its value
    std::size_t key_end = 0;
    std::unordered_set<std::string> keys;  // only of large maps
  };
  struct Anchored {
    Node node;
    std::size_t nodes = 0, depth = 0;
    bool complete = false;
  };

  std::size_t offset_of(const YAML::Mark& mark) const;
  void count(std::size_t nodes, std::size_t offset);
  void check_depth(std::size_t depth, std::size_t offset);
  std::size_t behind_properties(std::size_t offset);  // reports a tag
  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style);
  void close();
  bool expects_key() const;
  const Scalar* earlier_key(const std::string& text) const;
  const Scalar& waiting_key() const { return entries_.back().key; }
  void add(Node&& node, std::size_t end);
  void add_key(Node&& node, std::size_t end);
  void remember(YAML::anchor_t anchor, const Node& node, std::size_t nodes, std::size_t depth);
  void report(Diagnostic diagnostic);

  const SourceText& source_;
  const Limits& limits_;
  Diagnostics& wrong_;
  std::vector<Frame> frames_;
  // Of the frames that are open, each behind those of the one around it: a node gets its own at once, in no more room than
  // they need. A large file takes half the memory, and that much less time.
  NodeStack<Node> items_;
  NodeStack<Node::Entry> entries_;
  Node root_;
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
};

}  // namespace runbook::yaml
