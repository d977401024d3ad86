// SHA-256 by OpenSSL's old interface: EVP doubles the supervisor's start, a shared libcrypto quadruples it (measured).
#pragma once
#define OPENSSL_API_COMPAT 0x10101000L
#include <openssl/sha.h>

#include <array>
#include <cstddef>

namespace runbook {

using Sha256 = std::array<unsigned char, 32>;

class Sha256Stream {  // copying it keeps the state: the digest of a common beginning is computed once
 public:
  Sha256Stream() { SHA256_Init(&state_); }
  void add(const void* bytes, std::size_t size) { SHA256_Update(&state_, bytes, size); }
  Sha256 digest() const {
    SHA256_CTX end = state_;
    Sha256 out;
    SHA256_Final(out.data(), &end);
    return out;
  }

 private:
  SHA256_CTX state_;
};

inline Sha256 sha256(const void* bytes, std::size_t size) {
  Sha256Stream stream;
  stream.add(bytes, size);
  return stream.digest();
}

}  // namespace runbook
