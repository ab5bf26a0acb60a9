import Foundation

/// What the kernel counts of this process.
enum ProcessMemory {
    /// Bytes in memory: the second field of `/proc/self/statm`, in pages.
    static func resident() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
