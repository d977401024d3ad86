// SHA-256 and random identifiers.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace runbook {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits
std::string random_hex(std::size_t bytes);       // from the kernel; ends the process where there is none
// Short and readable aloud: no vowels, no 0 1 l o; "k7f3".
std::string random_word(std::size_t letters);

}  // namespace runbook
