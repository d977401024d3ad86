// Percent-encoding (RFC 3986, section 2): how a value becomes one component of a URL and nothing more.
#pragma once
#include <string>
#include <string_view>

namespace runbook {

// Everything but unreserved characters is encoded; "." and ".." too, which would otherwise climb up a path.
std::string percent_encode(std::string_view text);

}  // namespace runbook
