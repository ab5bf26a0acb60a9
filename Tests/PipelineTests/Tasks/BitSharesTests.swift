import Testing

@testable import Pipeline

/// Two-pass bits, shared out over chunks.
@Suite struct BitSharesTests {
    private func bits(_ rates: [Int], _ frames: [Int]) -> Double { zip(rates, frames).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    @Test(arguments: [[100, 100, 100], [1, 50, 900], [7_000_000, 3, 12_345_678], [0, 0, 1]])
    func theSumIsTheTitlesBits(_ costs: [Int]) {
        let frames = [750, 720, 411]
        let rates = BitShares.bitRates(3_000_000, cap: 50_000_000, costs: costs, frames: frames)
        let wanted = 3_000_000.0 * Double(frames.reduce(0, +))
        #expect(abs(bits(rates, frames) / wanted - 1) < 0.001)
    }

    @Test func whatCostsMoreGetsMore() {
        let rates = BitShares.bitRates(2_000_000, cap: 9_000_000, costs: [100, 300], frames: [500, 500])
        #expect(rates == [1_000_000, 3_000_000])
        // The same cost in half the time is twice the rate.
        #expect(BitShares.bitRates(3_000_000, cap: 9_000_000, costs: [100, 100], frames: [500, 250]) == [2_250_000, 4_500_000])
    }

    @Test func noChunkIsAskedForMoreThanTheCap() {
        let frames = [500, 500, 500, 500]
        let rates = BitShares.bitRates(2_000_000, cap: 3_000_000, costs: [10, 10, 980, 500], frames: frames)
        #expect(rates.allSatisfy { $0 <= 3_000_000 })
        #expect(rates[2] == 3_000_000)
        // What it may not spend, the others do.
        #expect(bits(rates, frames) == 2_000_000 * 2000)
    }

    @Test func aBitRateAtTheCapIsTheCapEverywhere() {
        #expect(BitShares.bitRates(3_000_000, cap: 3_000_000, costs: [1, 9], frames: [10, 10]) == [3_000_000, 3_000_000])
    }
}
