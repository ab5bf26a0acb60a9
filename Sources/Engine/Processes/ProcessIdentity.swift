import Foundation
import Glibc

/// One process among all that may write in a folder, of this machine or of others that share it; a number alone is given to many in turn.
package struct ProcessIdentity: Hashable, Sendable, CustomStringConvertible {
    /// A hash of what its process numbers count within: this boot of this machine, and the container.
    let machine: String
    let number: Int32
    /// When it began, in the kernel's ticks since the boot.
    let start: UInt64

    package static let current =
        ProcessIdentity(running: getpid()) ?? ProcessIdentity(machine: thisMachine, number: getpid(), start: 0)

    /// Whatever it owns has a name that begins so.
    package var description: String { "\(machine)-\(number)-\(start)" }

    init(machine: String, number: Int32, start: UInt64) {
        self.machine = machine
        self.number = number
        self.start = start
    }

    /// - Parameter number: of a process of this machine; nil where there is none.
    init?(running number: Int32) {
        guard let state = Self.state(of: number) else { return nil }
        self.init(machine: Self.thisMachine, number: number, start: state.start)
    }

    /// - Parameter name: of what it owns; nil where that tells no owner.
    init?(owning name: String) {
        let parts = name.split(separator: "-", maxSplits: 3)
        guard parts.count >= 3, parts[0].count == Self.machineDigits, parts[0].allSatisfy(\.isHexDigit), let number = Int32(parts[1]),
            let start = UInt64(parts[2])
        else { return nil }
        self.init(machine: String(parts[0]), number: number, start: start)
    }

    /// Whether this process can tell if that one has ended.
    var isOfThisMachine: Bool { machine == Self.thisMachine }

    /// Whether it has ended, which only processes of its own machine can tell.
    var hasEnded: Bool {
        guard isOfThisMachine else { return false }
        guard let state = Self.state(of: number) else {
            // A system may hide processes of other users.
            return kill(number, 0) != 0 && errno == ESRCH
        }
        // One that nobody has waited for is dead all the same.
        return state.start != start || "ZX".contains(state.letter)
    }

    private static let machineDigits = 16

    private static let thisMachine: String = {
        let boot = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id")
        let container = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        // Where the kernel does not tell, every other process counts as one of another machine.
        let words = boot.flatMap { boot in container.map { String(decoding: boot, as: UTF8.self) + $0 } } ?? UUID().uuidString
        return String(ContentHash.hex(Data(words.utf8)).prefix(machineDigits))
    }()

    private static func state(of number: Int32) -> (letter: Character, start: UInt64)? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(number)/stat") else { return nil }
        // The second field is the program's name, which may hold anything; the third is its state, the 22nd its start.
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let letter = fields[0].first, let start = UInt64(fields[19]) else { return nil }
        return (letter, start)
    }
}
