#include "base/masker.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/leaves.h"

namespace runbook {
namespace {

std::string base64(std::string_view raw) {
  std::string out(4 * ((raw.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(raw.data()), static_cast<int>(raw.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string url_escaped(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') out += c;
    else out += fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

bool Masker::add(std::string_view secret) {
  const auto put = [this](std::string form) {
    if (form.size() < shortest) return;
    if (std::find(forms_.begin(), forms_.end(), form) == forms_.end()) forms_.push_back(std::move(form));
  };
  if (secret.size() < shortest) return false;
  put(std::string(secret));
  put(base64(secret));
  put(url_escaped(secret));
  const std::string quoted = json_quote(secret);
  put(quoted.substr(1, quoted.size() - 2));
  for (std::size_t begin = 0; begin < secret.size();) {
    const auto end = std::min(secret.find('\n', begin), secret.size());
    put(std::string(secret.substr(begin, end - begin)));
    begin = end + 1;
  }
  std::stable_sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return true;
}

std::string Masker::text(std::string_view raw) const {
  std::string out(raw);
  for (const auto& form : forms_)
    for (auto at = out.find(form); at != std::string::npos; at = out.find(form, at + mask.size()))
      out.replace(at, form.size(), mask);
  return out;
}

Value Masker::value(const Value& raw) const {
  if (forms_.empty()) return raw;
  return with_leaves(raw, [this](const Value& leaf) -> Value {
    if (const auto* string = leaf.string()) return text(*string);
    if (const auto* bytes = leaf.bytes()) return Value::Bytes{text(bytes->data)};
    return leaf;
  });
}

}  // namespace runbook
