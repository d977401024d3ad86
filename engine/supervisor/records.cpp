#include "supervisor/records.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace runbook {
namespace {

static_assert(std::endian::native == std::endian::little, "the records are little-endian");

constexpr std::size_t digest_at = 8, payload_at = 40;

const char* magic(BlockKind kind) {
  switch (kind) {
    case BlockKind::claim: return "RBCLAIM1";
    case BlockKind::exit: return "RBEXIT01";
    case BlockKind::leader: return "RBLEAD01";
  }
  return "";
}

// One list of fields serves both ways, so that writer and reader cannot disagree about an offset.
class Writer {
 public:
  explicit Writer(Block& block) : block_(block) {}
  void text(const std::string& value, std::size_t room) {
    std::memcpy(&block_[at_], value.data(), std::min(value.size(), room - 1));
    at_ += room;
  }
  template <class T>
  void number(const T& value) {
    std::memcpy(&block_[at_], &value, sizeof value);
    at_ += sizeof value;
  }

 private:
  Block& block_;
  std::size_t at_ = payload_at;
};

class Reader {
 public:
  explicit Reader(const Block& block) : block_(block) {}
  void text(std::string& value, std::size_t room) {
    const auto* begin = reinterpret_cast<const char*>(&block_[at_]);
    value.assign(begin, ::strnlen(begin, room));
    at_ += room;
  }
  template <class T>
  void number(T& value) {
    std::memcpy(&value, &block_[at_], sizeof value);
    at_ += sizeof value;
  }

 private:
  const Block& block_;
  std::size_t at_ = payload_at;
};

template <class V, class N>
void fields_of_name(V& visit, N& name) {
  visit.text(name.nonce, 128);
  visit.text(name.run, 72);
  visit.text(name.step, 256);
  visit.number(name.number);
  visit.number(name.k);
}

template <class V, class S>
void fields_of_stream(V& visit, S& stream) {
  visit.number(stream.total);
  visit.number(stream.kept);
  visit.number(stream.state);
  std::uint32_t reserved = 0;
  visit.number(reserved);
  visit.number(stream.digest);
}

template <class V, class C>
void fields_of_claim(V& visit, C& claim) {
  fields_of_name(visit, claim.name);
  visit.text(claim.world, 128);
  visit.number(claim.supervisor.pid);
  visit.number(claim.supervisor.start);
  visit.number(claim.started);
}

template <class V, class L>
void fields_of_leader(V& visit, L& leader) {
  fields_of_name(visit, leader.name);
  visit.number(leader.process.pid);
  visit.number(leader.process.start);
}

template <class V, class R>
void fields_of_exit(V& visit, R& record) {
  fields_of_name(visit, record.name);
  visit.number(record.ending);
  visit.number(record.code);
  visit.number(record.by);
  visit.number(record.leftover);
  visit.number(record.failed_at);
  std::uint32_t reserved = 0;
  visit.number(reserved);
  visit.number(record.started);
  visit.number(record.ended);
  visit.number(record.ran);
  fields_of_stream(visit, record.out);
  fields_of_stream(visit, record.err);
  visit.text(record.left, 1024);
}

void seal(Block& block, BlockKind kind) {
  std::memcpy(block.data(), magic(kind), digest_at);
  const auto digest = sha256(&block[payload_at], block_size - payload_at);
  std::memcpy(&block[digest_at], digest.data(), digest.size());
}

template <class T, class F>
Block encoded(const T& value, BlockKind kind, F fields) {
  Block block{};
  Writer writer(block);
  fields(writer, value);
  seal(block, kind);
  return block;
}

template <class T, class F>
std::optional<T> decoded(const Block& block, BlockKind kind, F fields) {
  if (state_of(block, kind) != BlockState::valid) return std::nullopt;
  T value;
  Reader reader(block);
  fields(reader, value);
  return value;
}

}  // namespace

Block encode(const Claim& claim) {
  return encoded(claim, BlockKind::claim, [](Writer& w, const Claim& c) { fields_of_claim(w, c); });
}
Block encode(const Leader& leader) {
  return encoded(leader, BlockKind::leader, [](Writer& w, const Leader& l) { fields_of_leader(w, l); });
}
Block encode(const ExitRecord& record) {
  return encoded(record, BlockKind::exit, [](Writer& w, const ExitRecord& r) { fields_of_exit(w, r); });
}

BlockState state_of(const Block& block, BlockKind kind) {
  if (std::all_of(block.begin(), block.end(), [](unsigned char byte) { return byte == 0; })) return BlockState::none;
  if (std::memcmp(block.data(), magic(kind), digest_at) != 0) return BlockState::torn;
  const auto digest = sha256(&block[payload_at], block_size - payload_at);
  return std::memcmp(&block[digest_at], digest.data(), digest.size()) == 0 ? BlockState::valid : BlockState::torn;
}

std::optional<Claim> decode_claim(const Block& block) {
  return decoded<Claim>(block, BlockKind::claim, [](Reader& r, Claim& c) { fields_of_claim(r, c); });
}
std::optional<Leader> decode_leader(const Block& block) {
  return decoded<Leader>(block, BlockKind::leader, [](Reader& r, Leader& l) { fields_of_leader(r, l); });
}
std::optional<ExitRecord> decode_exit(const Block& block) {
  return decoded<ExitRecord>(block, BlockKind::exit, [](Reader& r, ExitRecord& e) { fields_of_exit(r, e); });
}

}  // namespace runbook
