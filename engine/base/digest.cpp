#include "base/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <vector>

#include "base/invariant.h"

namespace runbook {
namespace {

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += digits[bytes[i] >> 4U];
    out += digits[bytes[i] & 15U];
  }
  return out;
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  invariant(getrandom(bytes.data(), count, 0) == static_cast<ssize_t>(count), "the kernel gives no random bytes");
  return bytes;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned length = 0;
  invariant(EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr) == 1, "SHA-256 failed");
  return hex(out.data(), length);
}

std::string random_hex(std::size_t count) { return hex(random_bytes(count).data(), count); }

std::string random_word(std::size_t letters) {
  static constexpr std::string_view alphabet = "bcdfghjkmnpqrstvwxz23456789";
  std::string out;
  for (const auto byte : random_bytes(letters)) out += alphabet[byte % alphabet.size()];
  return out;
}

}  // namespace runbook
