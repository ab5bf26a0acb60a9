import Foundation
import Glibc
import MediaModel

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

    /// - Throws: `TransferError`, without anything that the program has printed: that may be a secret.
    func run() throws(TransferError) -> S3Credentials {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["--"] + words
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw fault("could not be started") }
        let printed = output.fileHandleForReading
        var data = Data()
        let late = ContinuousClock.now + .seconds(patience)
        var ended = Self.end(of: process)
        while ended == nil {
            let isLate = ContinuousClock.now > late
            guard !isLate, !isStopped() else {
                Self.endGroup(of: process)
                throw isLate
                    ? fault("did not end within \(Int(patience)) seconds")
                    : TransferError(.cancelled, operation: "find credentials for S3", detail: "it was asked to stop")
            }
            // What it prints is taken as it comes, so that it is never held up.
            if !Self.read(printed, into: &data, milliseconds: 20) { Thread.sleep(forTimeInterval: 0.02) }
            ended = Self.end(of: process)
        }
        // What it has left behind in its group goes with it.
        if process.isRunning { Self.endGroup(of: process) }
        // All that it has printed is in the pipe by now. Nobody waits for the pipe's end: one that has left the group may never let it
        // come.
        for _ in 0..<Self.pieces { guard Self.read(printed, into: &data, milliseconds: 0) else { break } }
        if let fault = ended?.fault { throw self.fault(fault) }
        guard let loan = try? JSONDecoder().decode(Loan.self, from: data), loan.Version == 1 else {
            throw fault("printed no credentials of version 1")
        }
        return S3Credentials(
            accessKey: loan.AccessKeyId, secretKey: loan.SecretAccessKey, sessionToken: loan.SessionToken,
            expiration: loan.Expiration.flatMap(AmazonTime.parseISO))
    }

    /// How the program itself ended.
    private struct End {
        /// nil: as it should.
        var fault: String?

        init(hasExited: Bool, status: Int32) {
            fault = hasExited ? status == 0 ? nil : "ended with status \(status)" : "was stopped after a signal"
        }
    }

    /// nil: it still runs. Foundation's own word for that counts what the program has started, too, and so would have us wait for a daemon.
    private static func end(of process: Process) -> End? {
        var state = unsafe siginfo_t()
        guard unsafe waitid(P_PID, id_t(process.processIdentifier), &state, WEXITED | WNOHANG | WNOWAIT) == 0 else {
            // Foundation has taken note of its end already.
            process.waitUntilExit()
            return End(hasExited: process.terminationReason == .exit, status: process.terminationStatus)
        }
        let (signal, code, status) = unsafe (state.si_signo, state.si_code, state._sifields._sigchld.si_status)
        return signal == 0 ? nil : End(hasExited: code == CInt(CLD_EXITED), status: status)
    }

    /// Foundation starts every program in a process group of its own, which those that it starts are in as well.
    private static func endGroup(of process: Process) { kill(-process.processIdentifier, SIGKILL) }

    /// Bytes that are read at a time, and how many times hold more than any pipe.
    private static let (pieceBytes, pieces) = (1 << 16, 64)

    /// Takes a piece of what came out of a pipe.
    /// - Returns: false where nothing came within so many milliseconds, or nothing will any more.
    private static func read(_ handle: FileHandle, into data: inout Data, milliseconds: Int32) -> Bool {
        var looked = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&looked, 1, milliseconds) > 0, looked.revents & Int16(POLLIN) != 0 else { return false }
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(looked.fd, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        data += piece[..<count]
        return true
    }

    private func fault(_ detail: String) -> TransferError {
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
