#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

namespace collector {
namespace {

constexpr std::size_t kMaxHead = 16 * 1024, kMaxBody = 1024 * 1024;

std::system_error failed(const char* what) { return {errno, std::generic_category(), what}; }

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16).ptr == &text[i + 1] + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

const char* reason(int code) {
  switch (code) {
    case 200: return "OK";
    case 201: return "Created";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

Request parsed(std::string_view request_line) {
  Request request;
  const auto space = request_line.find(' ');
  request.method = request_line.substr(0, space);
  std::string_view target = space == std::string_view::npos ? "" : request_line.substr(space + 1);
  target = target.substr(0, target.find(' '));
  const auto question = target.find('?');
  request.path = percent_decoded(target.substr(0, question));
  std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    request.query[percent_decoded(pair.substr(0, equals))] =
        equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1));
  }
  return request;
}

// The value of Content-Length; 0 without one, nothing for one that is no number.
std::optional<std::size_t> content_length(std::string_view head) {
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    constexpr std::string_view name = "content-length:";
    if (line.size() < name.size() || strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    auto value = line.substr(name.size());
    while (value.starts_with(' ')) value.remove_prefix(1);
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end == value.data()) return std::nullopt;
    return length;
  }
  return 0;
}

bool receive(int connection, std::string& data) {
  char buffer[8192];
  const auto n = recv(connection, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  data.append(buffer, static_cast<std::size_t>(n));
  return true;
}

void send_all(int connection, std::string_view data) {
  while (!data.empty()) {
    const auto n = send(connection, data.data(), data.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the client has gone
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

HttpServer::HttpServer(const std::string& address, int port, Handler handler)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      handler_(std::move(handler)) {
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) errno = EINVAL;
  else if (bind(listener_, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 && listen(listener_, 128) == 0) return;
  const auto error = failed("listen");
  close(listener_);
  throw error;
}

HttpServer::~HttpServer() { close(listener_); }

void HttpServer::serve() {
  while (!stopped_) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      if (stopped_) return;
      if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    ++open_;
    std::thread([this, connection] {
      answer(connection);
      close(connection);
      --open_;
    }).detach();
  }
}

void HttpServer::stop() {
  stopped_ = true;
  shutdown(listener_, SHUT_RDWR);  // wakes accept4()
}

bool HttpServer::drain(double seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (open_ > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return open_ == 0;
}

void HttpServer::answer(int connection) const {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  std::string data;
  std::size_t end = std::string::npos;
  while ((end = data.find("\r\n\r\n")) == std::string::npos)
    if (data.size() > kMaxHead || !receive(connection, data)) return;

  const std::string_view head(data.data(), end);
  const auto length = content_length(head);
  Response response;
  if (!length) {
    response = {.code = 400, .body = R"({"error":"Content-Length is not a number"})"};
  } else if (*length > kMaxBody) {
    response = {.code = 413, .body = R"({"error":"the body is larger than 1 MiB"})"};
  } else {
    Request request = parsed(head.substr(0, head.find("\r\n")));
    while (data.size() < end + 4 + *length)
      if (!receive(connection, data)) return;
    request.body = data.substr(end + 4, *length);
    response = handler_(request);
  }
  send_all(connection, "HTTP/1.1 " + std::to_string(response.code) + ' ' + reason(response.code) +
                           "\r\nContent-Type: " + response.type + "\r\nContent-Length: " + std::to_string(response.body.size()) +
                           "\r\nConnection: close\r\n\r\n" + response.body);
}

}  // namespace collector
