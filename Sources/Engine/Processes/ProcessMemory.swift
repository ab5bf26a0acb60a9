import Foundation
import Glibc

/// Memory of a process, by what the kernel tells.
enum ProcessMemory {
    /// Resident bytes of a process now; nil when it has ended.
    static func resident(of process: pid_t) -> Int64? {
        // In pages; the second number is what is resident.
        let words = text("/proc/\(process)/statm").split(separator: " ")
        guard words.count > 1, let pages = Int64(words[1]) else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The most resident bytes that this process ever had since `forgetPeak`.
    static var peak: Int64 {
        for line in text("/proc/self/status").split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return (line.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0) * 1024
        }
        return 0
    }

    static func forgetPeak() { SystemCall.write("5", to: "/proc/self/clear_refs") }

    /// Asks the kernel to end this process before its parent when memory runs out.
    static func offerToEnd() { SystemCall.write("500", to: "/proc/self/oom_score_adj") }

    private static func text(_ path: String) -> Substring {
        Substring(FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
}
