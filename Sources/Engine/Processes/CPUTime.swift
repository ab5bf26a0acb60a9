import Glibc

/// Processor time, as the kernel counts it.
enum CPUTime {
    /// User and system, seconds, of this process's threads.
    static var ofThisProcess: Double {
        var used = rusage()
        _ = unsafe getrusage(RUSAGE_SELF.rawValue, &used)
        return seconds(of: used)
    }

    /// User and system, seconds.
    static func seconds(of used: rusage) -> Double {
        [used.ru_utime, used.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
