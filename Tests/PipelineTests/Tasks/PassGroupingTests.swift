import MediaModel
import Testing

@testable import Pipeline

/// How rungs are handed to workers: nothing lost, nothing twice, nobody idle.
@Suite struct PassGroupingTests {
    /// A chunk of a title, whole.
    private func pass(_ chunk: Int, _ seconds: [Double], decode: Double, title: Int = 0) -> PicturePass {
        PicturePass(
            title: title, chunk: chunk, rungs: seconds.enumerated().map { PicturePass.Rung(index: $0.offset, seconds: $0.element) },
            decode: decode)
    }

    private func rungs(_ passes: [PicturePass]) -> [[Int]] { passes.map { $0.rungs.map(\.index) } }

    @Test(arguments: 0...7, [1, 2, 3, 8])
    func everyRungOfEveryChunkExactlyOnce(_ chunks: Int, _ workers: Int) {
        for count in 0...6 {
            for decode in [0.0, 10, 1000] {
                let costs = (0..<count).map { Double(100 >> $0) + 1 }
                let whole = count == 0 ? [] : (0..<chunks).map { pass($0, costs.map { $0 * Double(1 + chunks % 3) }, decode: decode) }
                let passes = PassGrouping.split(whole, workers: workers)
                for chunk in whole {
                    let mine = passes.filter { $0.chunk == chunk.chunk }
                    #expect(mine.flatMap { $0.rungs.map(\.index) }.sorted() == Array(0..<count))
                    #expect(mine.allSatisfy { !$0.rungs.isEmpty && $0.decode == decode })
                }
                #expect(Set(passes.map(\.chunk)) == Set(whole.map(\.chunk)))
            }
        }
    }

    @Test func oneChunkFillsTwoWorkers() {
        let passes = rungs(PassGrouping.split([pass(0, [100, 60, 40], decode: 10)], workers: 2))
        #expect(passes.sorted { $0[0] < $1[0] } == [[0], [1, 2]])
    }

    @Test func manyChunksAreDecodedOnceEach() {
        let whole = (0..<200).map { pass($0, [100, 60, 40], decode: 30) }
        #expect(PassGrouping.split(whole, workers: 2) == whole)
    }

    @Test func unequalChunksAreEvenedOut() {
        // A chunk of 24 s and one of 40 s: without a split one worker would wait for the other.
        let whole = [pass(0, [24, 12, 6, 3], decode: 2), pass(1, [40, 20, 10, 5], decode: 3)]
        let passes = PassGrouping.split(whole, workers: 2)
        #expect(passes.count == 4)
        let loads = [[0, 3], [1, 2]].map { pair in pair.reduce(0) { $0 + passes.map(\.seconds).sorted(by: >)[$1] } }
        #expect((loads.max() ?? 0) < 70, "78 without a split")
    }

    @Test func anOddChunkIsSplitRatherThanLeavingAWorkerIdle() {
        let passes = PassGrouping.split((0..<3).map { pass($0, [100, 100], decode: 5) }, workers: 2)
        #expect(passes.count == 4)
    }

    @Test func oneWorkerNeverDecodesTwice() {
        let whole = (0..<2).map { pass($0, [9, 5, 1], decode: 2) }
        #expect(PassGrouping.split(whole, workers: 1) == whole)
    }

    @Test func aLongNightIsPlannedAtOnce() {
        let whole = (0..<20_000).map { pass($0, [Double(100 + $0 % 17), 50, 20], decode: 10, title: $0 / 240) }
        let passes = PassGrouping.split(whole, workers: 64)
        #expect(passes.count < 20_000 + 64 * 8)
    }
}
