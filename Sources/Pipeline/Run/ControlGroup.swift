import Foundation

/// The control groups that this process is in: every one from its own up to the root may limit it. Versions 2 and 1.
struct ControlGroup {
    /// What stands before every path: empty, but in tests.
    var root = ""

    /// Whole cores that the tightest quota pays for, rounded up; nil where there is none.
    var cores: Int? {
        let quotas = folders("", version: 2).compactMap { folder -> Int? in
            let words = words("\(folder)/cpu.max")
            return words.count == 2 ? Self.cores(words[0], of: words[1]) : nil
        }
        let older = folders("cpu", version: 1).compactMap { folder -> Int? in
            guard let quota = words("\(folder)/cpu.cfs_quota_us").first, let period = words("\(folder)/cpu.cfs_period_us").first else {
                return nil
            }
            return Self.cores(quota, of: period)
        }
        return (quotas + older).min()
    }

    /// Bytes that can still be taken: the tightest limit without what its processes hold; their file cache gives way.
    var memory: Int64? {
        let limits = folders("", version: 2).compactMap { folder -> Int64? in
            words("\(folder)/memory.max").first.flatMap { Int64($0) }.map { max(0, $0 - number("anon", in: "\(folder)/memory.stat")) }
        }
        let older = folders("memory", version: 1).compactMap { folder -> Int64? in
            guard let limit = words("\(folder)/memory.limit_in_bytes").first.flatMap({ Int64($0) }), limit < Self.unlimited else {
                return nil
            }
            return max(0, limit - number("total_rss", in: "\(folder)/memory.stat"))
        }
        return (limits + older).min()
    }

    /// Version 1 writes no limit as nearly 2^63.
    private static let unlimited: Int64 = 1 << 62

    /// Quota and period in microseconds; nil for `max` and -1, which are no quota.
    private static func cores(_ quota: Substring, of period: Substring) -> Int? {
        guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
        return (quota + period - 1) / period
    }

    /// The group of a controller that this process is in, and all above it.
    private func folders(_ controller: String, version: Int) -> [String] {
        for line in text("/proc/self/cgroup").split(separator: "\n") {
            // number:controllers:path
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, version == 2 ? parts[0] == "0" : parts[1].split(separator: ",").contains(Substring(controller)) else {
                continue
            }
            let base = "/sys/fs/cgroup" + (version == 2 ? "" : "/\(controller)")
            var path = parts[2] == "/" ? "" : String(parts[2])
            var folders = [base + path]
            while let slash = path.lastIndex(of: "/") {
                path = String(path[..<slash])
                folders.append(base + path)
            }
            return folders
        }
        return []
    }

    private func text(_ path: String) -> String {
        FileManager.default.contents(atPath: root + path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func words(_ path: String) -> [Substring] { text(path).split(whereSeparator: \.isWhitespace) }

    /// 0 where it is not said.
    private func number(_ name: String, in path: String) -> Int64 {
        for line in text(path).split(separator: "\n") where line.hasPrefix(name + " ") {
            return line.split(separator: " ").last.flatMap { Int64($0) } ?? 0
        }
        return 0
    }
}
