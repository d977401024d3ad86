#include "supervisor/host_protocol.h"

#include "supervisor/packing.h"

namespace runbook::host {
namespace {

constexpr std::size_t head_size = 5;
constexpr std::uint32_t largest = 64U << 20U;  // two capped outputs and a script fit easily

template <class V, class N>
void name_fields(V& v, N& name) {
  v.text(name.nonce);
  v.text(name.run);
  v.text(name.step);
  v.number(name.number);
  v.number(name.k);
}
template <class V>
void fields(V& v, Place& m) {
  name_fields(v, m.name);
  v.text(m.script);
}
template <class V>
void fields(V& v, Look& m) {
  name_fields(v, m.name);
  v.text(m.identity);
  v.text(m.world);
}
template <class V>
void fields(V& v, Signal& m) {
  v.text(m.nonce);
  v.number(m.number);
}
template <class V>
void fields(V&, Ping&) {}
template <class V>
void fields(V& v, Hello& m) {
  v.text(m.world);
  v.number(m.monotonic);
}
template <class V>
void fields(V& v, Placed& m) {
  v.text(m.nonce);
  v.text(m.identity);
}
template <class V>
void fields(V& v, Refused& m) {
  v.text(m.nonce);
  v.text(m.why);
}
template <class V>
void fields(V& v, Found& m) {
  v.text(m.nonce);
  v.number(m.claim);
  v.number(m.exit);
  v.number(m.files);
  v.number(m.same_world);
  v.number(m.supervisor_exit);
  v.text(m.record);
  v.text(m.out);
  v.text(m.err);
  v.text(m.living);
}
// The order has a form of its own, with a version in it.
void fields(PackingWriter& v, Launch& m) {
  v.text(encode(m.order));
  v.text(m.identity);
  v.text(m.script);
  v.number(m.script_is_last_argument);
}
bool read(PackingReader& v, Launch& m) {
  std::string order;
  v.text(order);
  v.text(m.identity);
  v.text(m.script);
  v.number(m.script_is_last_argument);
  auto decoded = decode_order(order);
  if (decoded) m.order = std::move(*decoded);
  return decoded.has_value();
}
template <class M>
bool read(PackingReader& v, M& m) {
  fields(v, m);
  return true;
}

template <class Message>
std::string framed(Message message) {
  PackingWriter writer;
  writer.number(std::uint32_t{0});
  writer.number(static_cast<std::uint8_t>(message.index()));
  std::visit([&writer](auto& m) { fields(writer, m); }, message);
  const auto size = static_cast<std::uint32_t>(writer.out.size() - head_size);
  std::memcpy(writer.out.data(), &size, sizeof size);
  return std::move(writer.out);
}

template <class Message, std::size_t I = 0>
std::optional<Message> decoded(std::size_t kind, std::string_view bytes) {
  if constexpr (I < std::variant_size_v<Message>) {
    if (kind != I) return decoded<Message, I + 1>(kind, bytes);
    std::variant_alternative_t<I, Message> message;
    PackingReader reader(bytes);
    if (!read(reader, message) || !reader.whole()) return std::nullopt;
    return Message(std::move(message));
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::string encode(const ToHost& message) { return framed(message); }
std::string encode(const FromHost& message) { return framed(message); }

template <class Message>
std::optional<Message> Frames::next() {
  const std::string_view rest = std::string_view(bytes_).substr(begin_);
  if (broken_ || rest.size() < head_size) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, rest.data(), sizeof size);
  if (size > largest) {
    broken_ = true;
    return std::nullopt;
  }
  if (rest.size() < head_size + size) return std::nullopt;
  auto message = decoded<Message>(static_cast<unsigned char>(rest[4]), rest.substr(head_size, size));
  broken_ = !message;
  begin_ += head_size + size;
  if (begin_ == bytes_.size()) {
    bytes_.clear();
    begin_ = 0;
  }
  return message;
}

std::optional<ToHost> Frames::next_to_host() { return next<ToHost>(); }
std::optional<FromHost> Frames::next_from_host() { return next<FromHost>(); }

}  // namespace runbook::host
