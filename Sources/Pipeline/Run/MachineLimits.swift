import Foundation

/// What this process may really use of the machine.
enum MachineLimits {
    /// Cores, by affinity and by the control groups' quota.
    static var cores: Int {
        // Foundation asks the scheduler for this process's affinity.
        let affinity = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(affinity, ControlGroup().cores ?? affinity))
    }

    /// Bytes that can still be taken, by what the kernel thinks available and by the control groups' limits.
    static var memory: Int64? {
        [availableMemory, ControlGroup().memory].compactMap { $0 }.min()
    }

    /// As many workers as there are cores, fewer where the memory would not hold them.
    /// - Parameter peak: bytes that the hungriest task is foretold to take.
    static func workers(peak: Int64, cores: Int = Self.cores, memory: Int64? = Self.memory) -> Int {
        guard let memory, peak > 0 else { return cores }
        // A tenth is left to the rest of the machine.
        return max(1, min(cores, Int(memory / 10 * 9 / peak)))
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func number(after name: String, in text: String?) -> Int64? {
        for line in (text ?? "").split(separator: "\n") where line.hasPrefix(name) {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int64($0) }
        }
        return nil
    }

    private static var availableMemory: Int64? { number(after: "MemAvailable:", in: text("/proc/meminfo")).map { $0 * 1024 } }
}
