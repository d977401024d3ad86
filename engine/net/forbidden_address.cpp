#include "net/forbidden_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace runbook {
namespace {

using Bytes4 = std::array<unsigned char, 4>;
using Bytes16 = std::array<unsigned char, 16>;

template <class Bytes, class Address>
Bytes bytes_of(const Address& address) {
  Bytes bytes;
  const auto* first = reinterpret_cast<const unsigned char*>(&address);
  std::copy_n(first, bytes.size(), bytes.begin());
  return bytes;
}

bool link_local(const Bytes4& a) { return a[0] == 169 && a[1] == 254; }

bool link_local(const Bytes16& a) {
  constexpr Bytes16 amazon = {0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  constexpr Bytes16 mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // ::ffff:a.b.c.d
  constexpr Bytes16 compatible = {};                                      // ::a.b.c.d
  constexpr Bytes16 translated = {0, 0x64, 0xff, 0x9b};                   // 64:ff9b::a.b.c.d, NAT64
  if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) return true;
  if (a == amazon) return true;
  for (const Bytes16& prefix : {mapped, compatible, translated}) {
    if (std::equal(a.begin(), a.begin() + 12, prefix.begin())) return link_local(Bytes4{a[12], a[13], a[14], a[15]});
  }
  return false;
}

}  // namespace

bool is_link_local(const sockaddr& address) {
  if (address.sa_family == AF_INET) return link_local(bytes_of<Bytes4>(reinterpret_cast<const sockaddr_in&>(address).sin_addr));
  if (address.sa_family == AF_INET6)
    return link_local(bytes_of<Bytes16>(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr));
  return false;
}

bool is_link_local(const std::string& host) {
  std::string plain = host;
  if (plain.size() > 1 && plain.front() == '[' && plain.back() == ']') plain = plain.substr(1, plain.size() - 2);
  plain = plain.substr(0, plain.find('%'));
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, plain.c_str(), &four) == 1) return link_local(bytes_of<Bytes4>(four));
  if (::inet_pton(AF_INET6, plain.c_str(), &six) == 1) return link_local(bytes_of<Bytes16>(six));
  return false;
}

std::string numeric(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address.sa_family == AF_INET6
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  if (::inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return "?";
  return text.data();
}

}  // namespace runbook
