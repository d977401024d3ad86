// A text as one word of a command that somebody pastes into a shell. Every command that is proposed is made with it: the name of
// an element is whatever its list holds, and brackets alone are a pattern to bash and an error to zsh.
#pragma once
#include <string>
#include <string_view>

namespace runbook {

// As it is where it holds only ASCII letters, digits and _-./:@%; in single quotes else.
std::string quoted_word(std::string_view text);

}  // namespace runbook
