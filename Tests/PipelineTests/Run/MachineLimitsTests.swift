import Testing

@testable import Pipeline

/// How many workers a machine carries.
@Suite struct MachineLimitsTests {
    @Test func memoryLimitsThem() {
        #expect(MachineLimits.workers(peak: 1 << 30, cores: 8, memory: 64 << 30) == 8)
        #expect(MachineLimits.workers(peak: 2 << 30, cores: 8, memory: 8 << 30) == 3)
        #expect(MachineLimits.workers(peak: 16 << 30, cores: 8, memory: 8 << 30) == 1)
        #expect(MachineLimits.workers(peak: 0, cores: 8, memory: 8 << 30) == 8)
        #expect(MachineLimits.workers(peak: 1 << 30, cores: 8, memory: nil) == 8)
    }

    @Test func thisMachineHasSome() {
        #expect(MachineLimits.cores >= 1)
        #expect((MachineLimits.memory ?? 0) > 1 << 20)
    }
}
