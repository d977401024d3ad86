#include "cli/source_document.h"

#include <filesystem>

#include "base/safe_file.h"
#include "draft/markdown.h"

namespace runbook {
namespace {

constexpr Message changed{"RB502", Severity::warning, "`{}` is not what it was when this runbook was written",
                          "`{}` 가 런북을 쓸 때와 다릅니다"};
constexpr Message not_there{"RB503", Severity::warning, "what this runbook was written from cannot be found: {}",
                            "런북의 원본 문서를 찾을 수 없습니다: {}"};
constexpr std::size_t document_limit = 8U << 20U;

}  // namespace

Diagnostics changes_of_source(const Runbook& book) {
  if (book.source_document.empty() || book.source_hash.empty()) return {};
  const auto path = (std::filesystem::path(book.units[0].cwd) / book.source_document).lexically_normal();
  const auto text = read_file(path.string(), document_limit);
  if (!text) return {diagnose(not_there, book.source_hash_at, text.error())};
  const auto found = draft::sections(*text, book.source_section);
  const auto name = book.source_section.empty() ? book.source_document : book.source_section;
  if (found.size() != 1)
    return {diagnose(not_there, book.source_hash_at, fmt::format("{} x `{}` in {}", found.size(), name, path.string()))};
  const auto hash = draft::section_hash(found.front().text);
  if (hash == book.source_hash) return {};
  return {
      diagnose(changed, book.source_hash_at, name)
          .helped(phrase("compare {}:{} with the steps, then write `hash: \"{}\"`",
                         "{}:{} 를 단계와 비교한 다음 `hash: \"{}\"` 로 고치십시오", path.string(), found.front().line, hash))};
}

}  // namespace runbook
