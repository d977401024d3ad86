// A text that never changes and is long: a copy of the value is no copy of the text.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace runbook {

class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
  SharedText(const char* text) : SharedText(std::string(text)) {}

  std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view(); }
  operator std::string_view() const { return view(); }
  bool operator==(const SharedText& other) const { return view() == other.view(); }

 private:
  std::shared_ptr<const std::string> text_;
};

}  // namespace runbook
