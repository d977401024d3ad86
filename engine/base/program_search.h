// Whether a program could be started, without starting it.
#pragma once
#include <string>

namespace runbook {

// Of a name with a slash the file itself, of another one a file of that name in a folder of `path` ($PATH), as execvp(3) looks.
bool is_program(const std::string& name, const std::string& path);

}  // namespace runbook
