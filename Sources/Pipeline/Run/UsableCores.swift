import Foundation

/// The cores that this process may really use: by affinity and by the control group's quota.
enum UsableCores {
    static var count: Int {
        // Foundation asks the scheduler for this process's affinity.
        let affinity = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(affinity, quota ?? affinity))
    }

    /// Control group version 2's `cpu.max`: quota and period in microseconds, rounded up to whole cores.
    private static var quota: Int? {
        guard let text = FileManager.default.contents(atPath: "/sys/fs/cgroup/cpu.max").map({ String(decoding: $0, as: UTF8.self) }) else {
            return nil
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0 else { return nil }
        return (quota + period - 1) / period
    }
}
