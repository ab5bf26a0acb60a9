import Testing

@testable import Pipeline

/// How rungs are handed to workers: nothing lost, nothing twice, nobody idle.
@Suite struct PassGroupingTests {
    @Test(arguments: 0...7, [1, 2, 3, 8])
    func everyRungOfEveryChunkExactlyOnce(_ chunks: Int, _ workers: Int) {
        for rungs in 0...6 {
            for decode in [0.0, 10, 1000] {
                let costs = (0..<rungs).map { Double(100 >> $0) + 1 }
                let passes = PassGrouping.passes(rungCosts: costs, decodeCost: decode, chunks: chunks, workers: workers)
                #expect(passes.count == chunks)
                for chunk in passes {
                    #expect(chunk.flatMap { $0 }.sorted() == Array(0..<rungs))
                    #expect(chunk.allSatisfy { !$0.isEmpty })
                }
            }
        }
    }

    @Test func oneChunkFillsTwoWorkers() {
        let passes = PassGrouping.passes(rungCosts: [100, 60, 40], decodeCost: 10, chunks: 1, workers: 2)
        #expect(passes == [[[0], [1, 2]]] || passes == [[[1, 2], [0]]])
    }

    @Test func manyChunksAreDecodedOnceEach() {
        let passes = PassGrouping.passes(rungCosts: [100, 60, 40], decodeCost: 30, chunks: 20, workers: 2)
        #expect(passes.allSatisfy { $0 == [[0, 1, 2]] })
    }

    @Test func anOddChunkIsSplitRatherThanLeavingAWorkerIdle() {
        let passes = PassGrouping.passes(rungCosts: [100, 100], decodeCost: 5, chunks: 3, workers: 2)
        #expect(passes.filter { $0.count > 1 }.count == 1)
        #expect(passes.last?.count == 2)
    }

    @Test func oneWorkerNeverDecodesTwice() {
        #expect(PassGrouping.passes(rungCosts: [9, 5, 1], decodeCost: 2, chunks: 2, workers: 1) == [[[0, 1, 2]], [[0, 1, 2]]])
    }
}
