#include "supervisor/order.h"

#include "supervisor/packing.h"

namespace runbook {
namespace {

constexpr std::string_view magic = "RBORDER2";

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
  PackingWriter writer;
  writer.out = magic;
  fields(writer, order);
  return std::move(writer.out);
}

std::optional<Order> decode_order(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic) return std::nullopt;
  PackingReader reader(bytes.substr(magic.size()));
  Order order;
  fields(reader, order);
  if (!reader.whole() || order.arguments.empty()) return std::nullopt;
  return order;
}

}  // namespace runbook
