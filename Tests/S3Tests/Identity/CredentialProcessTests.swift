import Foundation
import Glibc
import MediaModel
import TestSupport
import Testing

@testable import S3

/// Programs that print credentials, and what some of them do besides.
@Suite struct CredentialProcessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aProgramThatLeavesAnotherBehindHoldsNobodyUp() throws {
        let json = #"{"Version": 1, "AccessKeyId": "PRINTED", "SecretAccessKey": "s"}"#
        let file = try folder.write(json, to: "keys.json")
        let found = try CredentialProcess("sh -c 'sleep 3600 & cat \(file)'", profile: "p").run()
        #expect(found.accessKey == "PRINTED")
    }

    @Test func allThatAProgramPrintsIsRead() throws {
        let json = #"{"Version": 1, "AccessKeyId": "PRINTED", "SecretAccessKey": "s"}"#
        // More than a pipe holds.
        let file = try folder.write(String(repeating: " ", count: 1 << 20) + json, to: "keys.json")
        #expect(try CredentialProcess("cat \(file)", profile: "p").run().accessKey == "PRINTED")
        // Somebody who has left the group holds the output open.
        let mark = folder.file("pid")
        let daemon = "setsid sh -c \"\(Self.tell(mark)) sleep 3600\""
        let command = "sh -c '\(daemon) & while [ ! -e \(mark) ]; do sleep 0.01; done; cat \(file)'"
        #expect(try CredentialProcess(command, profile: "p", patience: 600).run().accessKey == "PRINTED")
        let process = try #require(number(in: mark))
        #expect(kill(process, SIGKILL) == 0, "it was still there")
    }

    /// For a shell in another's quotes: writes the number of its process, whole or not at all, and goes on as another program.
    private static func tell(_ file: String) -> String { "echo \\$\\$ > \(file).new; mv \(file).new \(file); exec" }

    private func number(in file: String) -> pid_t? {
        FileManager.default.contents(atPath: file).flatMap { pid_t(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)) }
    }

    /// Waits until a process is gone, or only its parent has not noticed yet.
    private func isGone(_ process: pid_t) -> Bool {
        for _ in 0..<6000 {
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let state = text.split(separator: ")").last?.split(separator: " ").first, !"ZX".contains(state)
            else { return true }
            usleep(10_000)
        }
        return false
    }

    @Test func aProgramThatHangsIsEndedWithAllThatItStarted() throws {
        let late = folder.file("late")
        let stopped = folder.file("stopped")
        func command(_ mark: String) -> String { "sh -c 'sh -c \"\(Self.tell(mark)) sleep 3600\" & sleep 3600; wait'" }
        do {
            _ = try CredentialProcess(command(late), profile: "p", patience: 1).run()
            Issue.record("it had no patience")
        } catch {
            #expect(error.detail.contains("did not end"))
        }
        do {
            let isStopped: @Sendable () -> Bool = { FileManager.default.fileExists(atPath: stopped) }
            _ = try CredentialProcess(command(stopped), profile: "p", patience: 600, isStopped: isStopped).run()
            Issue.record("it was not stopped")
        } catch {
            #expect(error.code == .cancelled)
        }
        #expect(isGone(try #require(number(in: stopped))))
        // On a machine that is busy its patience may have ended before anything was started.
        #expect(number(in: late).map(isGone) ?? true)
    }
}
