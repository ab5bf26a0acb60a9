import Glibc

/// A clock that only goes forward, for lengths of time.
package enum Monotonic {
    /// Seconds since some moment before this process began.
    package static var seconds: Double {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
