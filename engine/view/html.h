// Texts made safe for HTML: what somebody wrote must not become markup.
#pragma once
#include <string>
#include <string_view>

namespace runbook {

std::string html_text(std::string_view text);  // of an element or an attribute in double quotes

}  // namespace runbook
