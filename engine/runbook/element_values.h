// What a `use` under `for_each` passes: variables whose value is another one for each element.
#pragma once
#include "runbook/unit_scope.h"

namespace runbook {

// The value of such a variable for one element, of its type and as it may be; the error says why it cannot be.
Result<Value, Phrase> value_for(const Variable& variable, const std::vector<Unit>& units,
                                const std::map<std::string, std::string, std::less<>>& environment,
                                const std::shared_ptr<const ElementPlace>& place);

}  // namespace runbook
