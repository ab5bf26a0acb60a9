import Foundation
import TestSupport
import Testing

@testable import Engine

/// What nobody writes to any more is known by its age and its owner, not by a new run's start.
@Suite struct LeftoversTests {
    private let folder: TemporaryFolder
    private let foreign = ProcessIdentity(machine: "0123456789abcdef", number: 1, start: 1)

    init() throws { folder = try TemporaryFolder() }

    private var work: WorkFolder { get throws { try WorkFolder(path: folder.file("work"), listed: nil) } }

    /// In the making, as each owner would have it: a result, a plan and a log.
    private func leave(_ owner: String) throws -> [String] {
        try folder.write("half", to: "work/artefacts/tmp/\(owner)-some-uuid/00001.m4s")
        try folder.write("{}", to: "work/plans/\(owner)/film.json")
        try folder.write("words", to: "work/workers/\(owner)-1.log")
        return ["artefacts/tmp/\(owner)-some-uuid", "plans/\(owner)", "workers/\(owner)-1.log"].map { folder.file("work/\($0)") }
    }

    private func age(_ path: String, days: Double) throws {
        let time = Date(timeIntervalSinceNow: -days * 86_400)
        let names = FileManager.default.subpaths(atPath: path) ?? []
        for file in names.map({ "\(path)/\($0)" }) + [path] {
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file)
        }
    }

    private func areThere(_ paths: [String]) -> [Bool] { paths.map { FileManager.default.fileExists(atPath: $0) } }

    @Test func whatAnotherMachineIsWritingStays() throws {
        let fresh = try leave(foreign.description)
        try work.takeLock()
        #expect(areThere(fresh) == [true, true, true])
        try work.removeLeftovers()
        #expect(areThere(fresh) == [true, true, true])
    }

    @Test func whatNobodyWroteToForADayGoes() throws {
        let old = try leave(foreign.description)
        for path in old { try age(path, days: 1.1) }
        // As earlier programs named them.
        let nameless = try folder.write("half", to: "work/artefacts/tmp/7F0E2D6C-0000-0000-0000-000000000000/init.mp4")
        try work.takeLock()
        #expect(areThere(old) == [false, false, false])
        #expect(areThere([nameless]) == [true])
    }

    /// A long encode writes to one file for hours: the folder's own time says nothing.
    @Test func oneFreshFileKeepsItsFolder() throws {
        let paths = try leave(foreign.description)
        try age(paths[0], days: 2)
        try folder.write("more", to: "work/artefacts/tmp/\(foreign)-some-uuid/00001.m4s")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -2 * 86_400)], ofItemAtPath: paths[0])
        try work.takeLock()
        #expect(areThere([paths[0]]) == [true])
    }

    @Test func whatAProcessOfThisMachineLeftGoesWithIt() throws {
        let child = try ChildProcess("/bin/sleep", ["1000"], log: folder.file("log"), environment: [:])
        let start = try #require(ProcessIdentity(running: child.identifier))
        let paths = try leave(start.description)
        let work = try work
        try work.takeLock()
        #expect(areThere(paths) == [true, true, true], "it lives")
        child.kill()
        #expect(child.wait(seconds: 30) != nil)
        try work.removeLeftovers()
        #expect(areThere(paths) == [false, false, false])
    }

    /// A parent that never waits for its children leaves them in the list of processes for ever.
    @Test func whoIsDeadAndNotWaitedForIsDead() throws {
        let child = try ChildProcess("/bin/sleep", ["1000"], log: folder.file("log"), environment: [:])
        let identity = try #require(ProcessIdentity(running: child.identifier))
        child.kill()
        while !identity.hasEnded { usleep(1000) }
        #expect(child.wait(seconds: 30)?.end == .killed(signal: 9), "it was still to be waited for")
    }

    @Test func anotherProcessOfTheSameNumberIsAnother() throws {
        let me = ProcessIdentity.current
        #expect(!me.hasEnded && me.isOfThisMachine)
        #expect(ProcessIdentity(machine: me.machine, number: me.number, start: me.start + 1).hasEnded)
        #expect(!foreign.hasEnded, "nobody here can tell")
        #expect(ProcessIdentity(owning: "\(me)-7.log") == me)
        #expect(ProcessIdentity(owning: "\(me)") == me)
        for name in ["", "12-1.log", "film-0123456789abcdef.json", UUID().uuidString] { #expect(ProcessIdentity(owning: name) == nil) }
    }

    /// Whoever takes the folder begins anew; what it made since stays.
    @Test func whatThisProcessLeftGoesWithTheLockAlone() throws {
        let work = try work
        let before = try work.artefacts.begin()
        try work.takeLock()
        #expect(areThere([before]) == [false])
        let since = try work.artefacts.begin()
        try work.removeLeftovers()
        #expect(areThere([since]) == [true])
    }
}
