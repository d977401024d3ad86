// Kernel locks on one byte of a file that belong to the open file description (F_OFD_SETLK), not to the process:
// they pass to a child with its descriptor, end when the last copy is closed, and a test takes nothing.
// Never flock: an unlock on one copy drops the other's, and two probers see each other as holders.
#pragma once
#include <fcntl.h>

#include <cerrno>

namespace runbook {

enum class LockState { free, held, unknown };  // unknown: the kernel did not say, see errno

// Never waits. The lock is given back by closing the last copy of the descriptor, which must be writable.
inline LockState try_lock_byte(int descriptor, long long byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  int done = -1;
  do done = ::fcntl(descriptor, F_OFD_SETLK, &lock);
  while (done != 0 && errno == EINTR);
  if (done == 0) return LockState::free;  // it was free, and is ours now
  return errno == EAGAIN || errno == EACCES ? LockState::held : LockState::unknown;
}

// Whether another open file description holds it.
inline LockState look_at_byte(int descriptor, long long byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  if (::fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return LockState::unknown;
  return lock.l_type == F_UNLCK ? LockState::free : LockState::held;
}

// Several commits of one process share a descriptor: this gives the byte back without closing it.
inline void unlock_byte(int descriptor, long long byte) {
  struct flock lock {};
  lock.l_type = F_UNLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  ::fcntl(descriptor, F_OFD_SETLK, &lock);
}

}  // namespace runbook
