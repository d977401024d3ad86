// What is wrong, where, and what to do: the form in which every complaint about an author's text travels.
// The words lie in a table beside the folder that raises them (messages.h), Korean beside English.
#pragma once
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/particles.h"
#include "base/place.h"

namespace runbook {

enum class Language { english, korean };

// The same words in both languages; which one is shown is decided where they are shown.
struct Phrase {
  std::string en, ko;
  const std::string& in(Language language) const { return language == Language::korean && !ko.empty() ? ko : en; }
  bool empty() const { return en.empty(); }
  bool operator==(const Phrase&) const = default;
};

enum class Severity { error, warning };

// A row of a folder's message table: a stable code and fmt texts that take the same arguments in both languages.
struct Message {
  std::string_view code;  // "RB201"
  Severity severity;
  std::string_view en, ko;
};

struct Note {
  Place at;
  Phrase text;
  bool operator==(const Note&) const = default;
};

struct Diagnostic {
  std::string code;
  Severity severity = Severity::error;
  Place at;
  Phrase text;
  Phrase label;             // under the caret; may be empty
  std::vector<Note> notes;  // other places: the earlier duplicate, the step that was meant
  Phrase help;              // the remedy; may be empty
  bool operator==(const Diagnostic&) const = default;

  Diagnostic&& labelled(Phrase p) && {
    label = std::move(p);
    return std::move(*this);
  }
  Diagnostic&& helped(Phrase p) && {
    help = std::move(p);
    return std::move(*this);
  }
  Diagnostic&& noted(Place p, Phrase t) && {
    notes.push_back({p, std::move(t)});
    return std::move(*this);
  }
};
using Diagnostics = std::vector<Diagnostic>;

template <class... A>
Phrase phrase(std::string_view en, std::string_view ko, const A&... args) {
  return {fmt::format(fmt::runtime(en), args...), with_particles(fmt::format(fmt::runtime(ko), args...))};
}

template <class... A>
Diagnostic diagnose(const Message& message, Place at, const A&... args) {
  return {std::string(message.code), message.severity, at, phrase(message.en, message.ko, args...), {}, {}, {}};
}

// `from`: of those that were added since there were so many.
bool has_errors(const Diagnostics& all, std::size_t from = 0);

struct RenderOptions {
  Language language = Language::english;
  bool color = false;
};
// rustc's form: error[CODE], --> file:line:column, the line, a caret that is aligned by display width, notes, help.
std::string render(const Diagnostic& diagnostic, const Sources& sources, RenderOptions options);

}  // namespace runbook
