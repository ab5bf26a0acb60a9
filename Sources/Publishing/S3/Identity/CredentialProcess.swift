import Foundation
import Glibc
import Synchronization

/// A program that a profile names in `credential_process`: it prints credentials as JSON.
struct CredentialProcess {
    private let words: [String]
    private let profile: String
    private let isStopped: @Sendable () -> Bool
    /// Seconds after which it is taken to hang.
    private let patience: Double

    private struct Loan: Decodable {
        var Version: Int
        var AccessKeyId: String
        var SecretAccessKey: String
        var SessionToken: String?
        var Expiration: String?
    }

    init(_ command: String, profile: String, patience: Double = 60, isStopped: @escaping @Sendable () -> Bool = { false }) {
        words = Self.words(command)
        self.profile = profile
        self.patience = patience
        self.isStopped = isStopped
    }

    /// - Throws: `PublishingError`, without anything that the program has printed: that may be a secret.
    func run() throws(PublishingError) -> S3Credentials {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["--"] + words
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw fault("could not be started") }
        let printed = Printed(output.fileHandleForReading)
        let end = Date().addingTimeInterval(patience)
        while Self.isAtWork(process) {
            let isLate = Date() > end
            guard !isLate, !isStopped() else {
                Self.endGroup(of: process)
                process.waitUntilExit()
                throw isLate
                    ? fault("did not end within \(Int(patience)) seconds")
                    : PublishingError(.cancelled, operation: "find credentials for S3", detail: "it was asked to stop")
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        // What it has left behind holds the output open, and would never let it end.
        if process.isRunning { Self.endGroup(of: process) }
        process.waitUntilExit()
        let data = printed.all()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw fault(
                process.terminationReason == .exit ? "ended with status \(process.terminationStatus)" : "was stopped after a signal")
        }
        guard let loan = try? JSONDecoder().decode(Loan.self, from: data), loan.Version == 1 else {
            throw fault("printed no credentials of version 1")
        }
        return S3Credentials(
            accessKey: loan.AccessKeyId, secretKey: loan.SecretAccessKey, sessionToken: loan.SessionToken,
            expiration: loan.Expiration.flatMap(AmazonTime.parseISO))
    }

    /// Whether the program itself still runs. Foundation's own word for it counts what the program has started, too.
    private static func isAtWork(_ process: Process) -> Bool {
        guard process.isRunning else { return false }
        var state = unsafe siginfo_t()
        let found = unsafe waitid(P_PID, id_t(process.processIdentifier), &state, WEXITED | WNOHANG | WNOWAIT)
        let signal = unsafe state.si_signo
        return found == 0 && signal == 0
    }

    /// Foundation starts every program in a process group of its own, which those that it starts are in as well.
    private static func endGroup(of process: Process) { kill(-process.processIdentifier, SIGKILL) }

    /// What comes out of a pipe, taken as it comes, so that the program is never held up.
    private final class Printed: Sendable {
        private let data = Mutex((bytes: Data(), isWhole: false))

        init(_ handle: FileHandle) {
            handle.readabilityHandler = { [weak self] handle in
                let piece = handle.availableData
                if piece.isEmpty { handle.readabilityHandler = nil }
                self?.data.withLock { data in
                    data.bytes += piece
                    if piece.isEmpty { data.isWhole = true }
                }
            }
        }

        /// Waits a moment for the end: one that has left the group may hold the pipe open for ever.
        func all() -> Data {
            for _ in 0..<100 where !data.withLock(\.isWhole) { Thread.sleep(forTimeInterval: 0.01) }
            return data.withLock(\.bytes)
        }
    }

    private func fault(_ detail: String) -> PublishingError {
        CredentialChain.none("the credential_process of the profile '\(profile)' \(detail); run '\(words.first ?? "")' by hand to see why")
    }

    /// A command's words; quotes hold words together, and no shell sees them.
    static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in command {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let ended = word { words.append(ended) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
