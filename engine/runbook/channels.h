// `notify`: the webhooks that are told what the run waits for and how it ends.
#pragma once
#include "runbook/keyed_map.h"
#include "runbook/value_reader.h"

namespace runbook {

std::vector<Channel> read_channels(const yaml::Node& list, ValueReader& values, Kinds kinds);

}  // namespace runbook
