import TestSupport
import Testing

@testable import Pipeline

/// Limits of the groups that a process is in, as the kernel's files tell them.
@Suite struct ControlGroupTests {
    let folder: TemporaryFolder
    var group: ControlGroup { ControlGroup(root: folder.path) }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ path: String) throws { try folder.write(text + "\n", to: path) }

    @Test func everyGroupAboveCounts() throws {
        try write("0::/batch.slice/night.service", "proc/self/cgroup")
        try write("max 100000", "sys/fs/cgroup/batch.slice/night.service/cpu.max")
        try write("250000 100000", "sys/fs/cgroup/batch.slice/cpu.max")
        #expect(group.cores == 3)
        try write("100000 100000", "sys/fs/cgroup/cpu.max")
        #expect(group.cores == 1)
        try write("8000", "sys/fs/cgroup/batch.slice/memory.max")
        try write("anon 3000\nfile 4000", "sys/fs/cgroup/batch.slice/memory.stat")
        try write("max", "sys/fs/cgroup/batch.slice/night.service/memory.max")
        #expect(group.memory == 5000)
    }

    @Test func theOlderVersionToo() throws {
        try write("5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/", "proc/self/cgroup")
        try write("150000", "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us")
        try write("100000", "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us")
        try write("-1", "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
        try write("100000", "sys/fs/cgroup/cpu/cpu.cfs_period_us")
        try write("9000", "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes")
        try write("total_rss 1000", "sys/fs/cgroup/memory/docker/abc/memory.stat")
        try write("9223372036854771712", "sys/fs/cgroup/memory/memory.limit_in_bytes")
        #expect(group.cores == 2)
        #expect(group.memory == 8000)
    }

    @Test func withoutLimitsThereAreNone() throws {
        #expect(group.cores == nil && group.memory == nil)
        try write("0::/", "proc/self/cgroup")
        try write("max 100000", "sys/fs/cgroup/cpu.max")
        try write("max", "sys/fs/cgroup/memory.max")
        #expect(group.cores == nil && group.memory == nil)
    }
}
