// Builds a complaint from a row of messages.h.
#pragma once
#include "cel/expression.h"
#include "cel/messages.h"

namespace runbook::cel {

template <class... A>
Complaint complain(const Message& message, std::size_t offset, std::size_t length, const A&... args) {
  return {std::string(message.code), offset, length ? length : 1, phrase(message.en, message.ko, args...), {}};
}

inline Complaint&& helped(Complaint&& complaint, Phrase help) {
  complaint.help = std::move(help);
  return std::move(complaint);
}

}  // namespace runbook::cel
