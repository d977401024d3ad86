// Any bytes as a slot of the attempts file: a record, or none. Sealed as well, so that what lies behind the digest is reached.
// And as what a supervisor is ordered, and what is said between engine and host.
#include "supervisor/records.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "supervisor/host_protocol.h"
#include "supervisor/order.h"

namespace {

using namespace runbook;

Block block_of(const unsigned char* data, std::size_t size) {
  Block block{};
  std::memcpy(block.data(), data, std::min(size, block.size()));
  return block;
}

// A valid record with these bytes where its fields lie.
Block sealed(Block block, const Block& like) {
  constexpr std::size_t digest_at = 8, payload_at = 40;  // as in supervisor/records.cpp
  std::memcpy(block.data(), like.data(), digest_at);
  const auto digest = sha256(&block[payload_at], block_size - payload_at);
  std::memcpy(&block[digest_at], digest.data(), digest.size());
  return block;
}

template <class T>
void read_back(const std::optional<T>& record, std::optional<T> (*decode)(const Block&)) {
  if (!record) return;
  // Written by us a text ends with a NUL, which a sealed one may lack: the second time it is the same.
  const auto written = decode(encode(*record));
  if (!written) std::abort();
  const auto again = decode(encode(*written));
  if (!again || *again != *written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const Block block = block_of(data, size);
  read_back(decode_claim(block), decode_claim);
  read_back(decode_leader(block), decode_leader);
  read_back(decode_exit(block), decode_exit);
  read_back(decode_claim(sealed(block, encode(Claim{}))), decode_claim);
  read_back(decode_leader(sealed(block, encode(Leader{}))), decode_leader);
  read_back(decode_exit(sealed(block, encode(ExitRecord{}))), decode_exit);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  decode_order(bytes);
  host::Frames to_host, from_host;
  to_host.add(bytes);
  from_host.add(bytes);
  while (const auto message = to_host.next_to_host()) host::encode(*message);
  while (const auto message = from_host.next_from_host()) host::encode(*message);
  return 0;
}
