// A small HTTP/1.1 server: blocking sockets, a thread a connection, one request a connection.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

namespace collector {

struct Request {
  std::string method, path;
  std::map<std::string, std::string> query;  // percent-decoded
  std::string body;
};

struct Response {
  int code = 200;
  std::string body;
  const char* type = "application/json";
};

class HttpServer {
 public:
  using Handler = std::function<Response(const Request&)>;

  // Binds address:port; throws std::system_error. The handler is called from many threads.
  HttpServer(const std::string& address, int port, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void serve();                // returns after stop()
  void stop();                 // takes no more connections
  bool drain(double seconds);  // true: every request that was begun has been answered

 private:
  void answer(int connection) const;

  int listener_;
  Handler handler_;
  std::atomic<int> open_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace collector
