import Dispatch
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite struct ParallelWorkTests {
    @Test func everyItemOnceOnAtMostSoManyThreads() throws {
        let seen = Mutex<(all: [Int], now: Int, most: Int)>(([], 0, 0))
        let meeting = Meeting(of: 4)
        try ParallelWork.forEach(Array(0..<200), threads: 4) { item in
            seen.withLock { seen in
                seen.all.append(item)
                seen.now += 1
                seen.most = max(seen.most, seen.now)
            }
            // All four, or the first waits in vain.
            meeting.join()
            seen.withLock { $0.now -= 1 }
        }
        #expect(seen.withLock { $0.all.sorted() } == Array(0..<200))
        #expect(seen.withLock { $0.most } == 4)
    }

    @Test func nothingIsBegunAfterAFailure() {
        let begun = Mutex(0)
        #expect(throws: TransferError.self) {
            try ParallelWork.forEach(Array(0..<100), threads: 1) { item throws(TransferError) in
                begun.withLock { $0 += 1 }
                if item == 3 { throw TransferError(.refused, operation: "test", detail: "no") }
            }
        }
        #expect(begun.withLock { $0 } == 4)
    }

    @Test func theReasonWinsOverItsConsequences() {
        let secondBegan = DispatchSemaphore(value: 0)
        let firstEnded = DispatchSemaphore(value: 0)
        let error = #expect(throws: TransferError.self) {
            try ParallelWork.forEach([0, 1], threads: 2) { item throws(TransferError) in
                guard item == 1 else {
                    secondBegan.wait()
                    firstEnded.signal()
                    throw TransferError(.cancelled, operation: "test", detail: "")
                }
                secondBegan.signal()
                firstEnded.wait()
                throw TransferError(.refused, operation: "test", detail: "")
            }
        }
        #expect(error?.code == .refused)
    }

    @Test func noItemsAtAll() throws {
        try ParallelWork.forEach([Int](), threads: 4) { _ in Issue.record("called") }
    }
}
