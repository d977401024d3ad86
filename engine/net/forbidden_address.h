// Addresses where clouds hand out credentials to whoever asks from the machine itself: a URL must not lead there unasked.
#pragma once
#include <sys/socket.h>

#include <string>

namespace runbook {

// 169.254/16 (also inside IPv6), fe80::/10, fd00:ec2::254.
bool is_link_local(const sockaddr& address);
bool is_link_local(const std::string& host);  // a number, with or without brackets and zone; names are not
std::string numeric(const sockaddr& address);

}  // namespace runbook
