#include "supervisor/order.h"

#include <cstring>

namespace runbook {
namespace {

constexpr std::string_view magic = "RBORDER2";

class Writer {
 public:
  void text(const std::string& value) {
    number(static_cast<std::uint64_t>(value.size()));
    out += value;
  }
  void texts(const std::vector<std::string>& values) {
    number(static_cast<std::uint64_t>(values.size()));
    for (const auto& value : values) text(value);
  }
  template <class T>
  void number(const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string out{magic};
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    if (size > in_.size()) return fail();
    value.assign(in_.substr(0, size));
    in_.remove_prefix(size);
  }
  void texts(std::vector<std::string>& values) {
    std::uint64_t count = 0;
    number(count);
    if (count > in_.size()) return fail();  // each takes eight bytes at least
    values.resize(count);
    for (auto& value : values) text(value);
  }
  template <class T>
  void number(T& value) {
    if (sizeof value > in_.size()) return fail();
    std::memcpy(&value, in_.data(), sizeof value);
    in_.remove_prefix(sizeof value);
  }
  bool whole() const { return good_ && in_.empty(); }

 private:
  void fail() {
    good_ = false;
    in_ = {};
  }
  std::string_view in_;
  bool good_ = true;
};

template <class V, class O>
void fields(V& visit, O& order) {
  visit.text(order.name.nonce);
  visit.text(order.name.run);
  visit.text(order.name.step);
  visit.number(order.name.number);
  visit.number(order.name.k);
  visit.text(order.world);
  visit.number(order.slot);
  visit.texts(order.arguments);
  visit.texts(order.environment);
  visit.text(order.cwd);
  visit.number(order.deadline);
  visit.number(order.grace);
  visit.number(order.keep);
  visit.number(order.background_allowed);
  visit.number(order.attempts);
  visit.number(order.out);
  visit.number(order.err);
  visit.number(order.program);
  visit.number(order.input);
  visit.number(order.record);
  visit.number(order.leash);
}

}  // namespace

std::string encode(const Order& order) {
  Writer writer;
  fields(writer, order);
  return std::move(writer.out);
}

std::optional<Order> decode_order(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic) return std::nullopt;
  Reader reader(bytes.substr(magic.size()));
  Order order;
  fields(reader, order);
  if (!reader.whole() || order.arguments.empty()) return std::nullopt;
  return order;
}

}  // namespace runbook
