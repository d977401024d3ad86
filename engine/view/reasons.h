// What the engine wrote into an event, in the reader's language. Events hold English, which never changes once it is stored: the
// sentences are known by their form, and what they quote stays as it is.
#pragma once
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace runbook {

// A sentence that is not known, a person's for instance, comes back as it was.
std::string reason_in(std::string_view english, Language language);

}  // namespace runbook
