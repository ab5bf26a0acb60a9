import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Publishing

@Suite struct ParallelWorkTests {
    @Test func everyItemOnceOnAtMostSoManyThreads() throws {
        let seen = Mutex<(all: Set<Int>, now: Int, most: Int)>(([], 0, 0))
        try ParallelWork.forEach(Array(0..<200), threads: 4) { item in
            seen.withLock { seen in
                seen.all.insert(item)
                seen.now += 1
                seen.most = max(seen.most, seen.now)
            }
            Thread.sleep(forTimeInterval: 0.0005)
            seen.withLock { $0.now -= 1 }
        }
        #expect(seen.withLock { $0.all.count } == 200)
        #expect(seen.withLock { $0.most } <= 4)
    }

    @Test func nothingIsBegunAfterAFailure() {
        let begun = Mutex(0)
        #expect(throws: PublishingError.self) {
            try ParallelWork.forEach(Array(0..<100), threads: 1) { item throws(PublishingError) in
                begun.withLock { $0 += 1 }
                if item == 3 { throw PublishingError(.refused, operation: "test", detail: "no") }
            }
        }
        #expect(begun.withLock { $0 } == 4)
    }

    @Test func theReasonWinsOverItsConsequences() {
        let secondBegan = DispatchSemaphore(value: 0)
        let firstEnded = DispatchSemaphore(value: 0)
        do {
            try ParallelWork.forEach([0, 1], threads: 2) { item throws(PublishingError) in
                guard item == 1 else {
                    secondBegan.wait()
                    firstEnded.signal()
                    throw PublishingError(.cancelled, operation: "test", detail: "")
                }
                secondBegan.signal()
                firstEnded.wait()
                throw PublishingError(.refused, operation: "test", detail: "")
            }
        } catch {
            #expect(error.code == .refused)
        }
    }

    @Test func noItemsAtAll() throws {
        try ParallelWork.forEach([Int](), threads: 4) { _ in Issue.record("called") }
    }
}
