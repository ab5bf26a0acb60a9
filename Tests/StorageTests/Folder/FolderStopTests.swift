import Foundation
import Glibc
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// A publication that is asked to stop ends soon, and leaves what it found.
@Suite struct FolderStopTests {
    private let disk: TemporaryFolder
    private let staged: StagedPackage

    init() throws {
        disk = try TemporaryFolder()
        staged = try StagedPackage()
    }

    /// Says that it is stopped when it has been asked so often.
    private final class Signal: Sendable {
        private let left: Mutex<Int>
        init(after count: Int) { left = Mutex(count) }

        func isRaised() -> Bool {
            left.withLock { left in
                left -= 1
                return left < 0
            }
        }
    }

    private func publish(stopAfter count: Int) throws {
        let signal = Signal(after: count)
        let store = FolderStore(root: disk.file("store"), isStopped: signal.isRaised)
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
    }

    private var visible: [String] { get throws { try disk.listing().filter { !$0.hasSuffix("/.lock") } } }

    @Test func whereverItIsStoppedNothingIsThereAndTheNextOneFindsItsWay() throws {
        var stops = 0
        while true {
            do {
                try publish(stopAfter: stops)
                break
            } catch let error as TransferError {
                #expect(error.code == .cancelled && error.description.contains("asked to stop"))
                #expect(try visible == [])
            }
            stops += 1
        }
        // Four files and their list are brought, and what is in the four is read.
        #expect(stops >= 9)
        #expect(try visible.count == 5)
    }

    @Test func checkingWhatIsThereCanBeStoppedToo() throws {
        try publish(stopAfter: 1000)
        #expect(throws: TransferError.self) { try publish(stopAfter: 1) }
        #expect(try visible.count == 5)
    }

    @Test func aLockThatAnotherHoldsCanBeGivenUp() throws {
        try publish(stopAfter: 1000)
        let lock = open(disk.file("store/night-train/.lock"), O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        let error = #expect(throws: TransferError.self) { try publish(stopAfter: 2) }
        #expect(error?.code == .cancelled && error?.operation == "lock")
        #expect(flock(lock, LOCK_UN) == 0)
        try publish(stopAfter: 1000)
    }

    /// Who cleans up waits for a run that publishes the title, which may last an hour.
    @Test func whoWaitsToRemoveWhatIsLeftCanBeStopped() throws {
        try publish(stopAfter: 1000)
        try disk.write("half", to: "store/night-train/.0123456789abcdef.partial-1/1.m4s")
        let lock = open(disk.file("store/night-train/.lock"), O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        let store = FolderStore(root: disk.file("store"), isStopped: Signal(after: 2).isRaised)
        let leftovers = try store.leftovers(of: "night-train")
        let error = #expect(throws: TransferError.self) { for leftover in leftovers { try store.remove(leftover) } }
        #expect(error?.code == .cancelled && error?.operation == "lock" && leftovers.count == 1)
        let version = #expect(throws: TransferError.self) {
            try FolderStore(root: disk.file("store"), isStopped: Signal(after: 2).isRaised)
                .delete(title: "night-train", version: staged.package.version)
        }
        #expect(version?.code == .cancelled && version?.operation == "lock")
        #expect(flock(lock, LOCK_UN) == 0)
        for leftover in leftovers { try FolderStore(root: disk.file("store")).remove(leftover) }
        #expect(try store.leftovers(of: "night-train").isEmpty)
    }
}
