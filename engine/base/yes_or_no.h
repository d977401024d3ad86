// The words for yes and no, at every prompt and in every flag.
#pragma once
#include <optional>
#include <string_view>

namespace runbook {

// y, yes, ㅛ, 네: true; n, no, ㅜ, 아니오: false; what else there is says neither.
std::optional<bool> parse_yes(std::string_view text);

}  // namespace runbook
