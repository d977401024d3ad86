// Scripts about which neither a shell nor shellcheck can have anything to say: simple commands of plain and quoted words, which
// is what most steps run. They need not be put before either. It errs to one side: what it does not know well is not plain.
#pragma once
#include <functional>
#include <string_view>

namespace runbook {

// For bash and for sh, shellcheck at its level "warning". `is_set`: whether a variable arrives in the script's environment.
bool is_plain_script(std::string_view script, const std::function<bool(std::string_view)>& is_set);

}  // namespace runbook
