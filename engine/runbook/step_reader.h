// Steps, checks, probes and undos of one file, as its unit sees them.
#pragma once
#include <functional>

#include "runbook/action_reader.h"

namespace runbook {

// What a `use` stands for; the reader of files knows.
struct UsedSteps {
  unsigned unit = 0;
  std::vector<Step> steps;
  std::vector<std::pair<std::string, Condition>> outputs;
  Text title;
};

class StepReader {
 public:
  struct Uses {
    // `each`: under `for_each`, what it passes may be another value for each element.
    std::function<std::optional<UsedSteps>(const yaml::Node& use, bool each)> steps;
    // `list`: "preconditions" or "success".
    std::function<std::vector<Step>(const yaml::Node& use, std::string_view list)> checks;
  };
  StepReader(ValueReader& values, Kinds kinds, const Unit& unit, unsigned index, Uses uses)
      : values_(values),
        actions_(values, kinds),
        kinds_(kinds),
        unit_(unit),
        index_(index),
        uses_(std::move(uses)) {}

  std::vector<Step> steps(const yaml::Node& list, std::string_view key);
  // `where`: precondition, criterion or guard. A bare expression has no id yet: its number is its place in the whole list.
  std::vector<Step> checks(const yaml::Node& list, std::string_view key, Where where);

 private:
  Step step(const yaml::Node& node);
  Step check(const yaml::Node& node, Where where);
  std::shared_ptr<const Step> part(const yaml::Node& node, Where where);  // of `undo`, `probe`
  void group(const KeyedMap& map, Step& step);
  void common(const KeyedMap& map, Step& step, Where where);
  // Reads the value of a key; what was refused of it is marked in the step.
  template <class Read>
  void read(Part part, Step& step, const Read& read) {
    const auto before = values_.wrong().size();
    read();
    if (has_errors(values_.wrong(), before)) step.unread.add(part);
  }
  void flow(const KeyedMap& map, Step& step);
  void for_each(const KeyedMap& map, Step& step);
  void changes(const KeyedMap& map, Step& step, Where where);
  void times(const KeyedMap& map, Step& step, Where where);
  void expected(const yaml::Node& node, Step& step);
  void expected_in_time(const KeyedMap& map, const Step& step, Where where);
  void retry(const yaml::Node& node, Step& step);
  // `before`: how many complaints there were when the step began.
  void safe_to_repeat(const KeyedMap& map, const Step& step, Where where, std::size_t before);
  void mark(Step& step, std::size_t before) const;  // that something was refused of it since there were so many complaints
  void unique_ids(std::vector<Step>& list);
  // `in_place`: what stands for it until the element is known that it depends on, as written in `of_element`.
  std::optional<Duration> length(const yaml::Node& node, std::string_view key, Duration in_place,
                                 std::optional<Text> ElementTimes::*of_element, Step& step);

  ValueReader& values_;
  ActionReader actions_;
  Kinds kinds_;
  const Unit& unit_;
  unsigned index_;
  Uses uses_;
};

// Stands for steps that could not be read: nobody knows how many there are, nor what they are called.
Step unread_step(unsigned unit, Place at);

// Gives the bare expressions of a list of checks their ids: check_1, check_2 ..., by their place in it.
std::vector<Step> numbered(std::vector<Step> checks);

// What it does by itself is only reading, or it says so.
bool only_reads(const Step& step, Where where);

}  // namespace runbook
