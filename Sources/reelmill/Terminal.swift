import Glibc
import MediaModel
import Pipeline

/// Printing, and how errors become exit statuses.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1
    static let hasColor = unsafe isInteractive && getenv("NO_COLOR") == nil

    /// Columns and rows of the person's terminal; 80 and 24 where it does not say.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return (80, 24) }
        return (size.ws_col > 0 ? Int(size.ws_col) : 80, size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    /// A line for a person, or several; what others wrote into it moves no cursor and has no colour.
    /// - Parameter tag: the first word, and its colour by the code of SGR.
    static func say(_ line: String, tag: (word: String, color: String)? = nil) {
        LiveLines.clear()
        write((tag.map { paint($0.word, $0.color) } ?? "") + PlainText.lines(line) + "\n")
    }

    /// Text for a person as it stands, control sequences too. Whom it does not reach, no other word reaches.
    static func write(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    /// A result. One that cannot be written whole, as on a full disk, ends the program: half a result must not pass for one.
    static func print(_ text: String) {
        let shown = isatty(STDOUT_FILENO) == 1 ? PlainText.lines(text) : text
        let number = write(Array((shown.hasSuffix("\n") ? shown : shown + "\n").utf8), to: STDOUT_FILENO)
        // A reader that has gone away (`| head`) is no failure of ours.
        guard number != 0, number != EPIPE else { return }
        say("error: cannot write the result: \(unsafe String(cString: strerror(number)))")
        end(PipelineError.Code.diskFull.exitStatus)
    }

    /// Ends the program at once. `exit` would let libraries take down what threads still use that are about to end, such as OpenSSL's: a
    /// run that had gone well crashed. Everything that must last is written, and a result that is not is no success.
    static func end(_ status: Int32) -> Never {
        LiveLines.clear()
        let isWritten = fflush(nil) == 0 || errno == EPIPE
        // Who looks for leaks does so at an orderly end.
        if unsafe getenv("ASAN_OPTIONS") != nil { exit(status) }
        _exit(isWritten || status != 0 ? status : PipelineError.Code.diskFull.exitStatus)
    }

    /// Writes all of it.
    /// - Returns: 0, or the number of the error that came before the end.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    private static func paint(_ text: String, _ code: String) -> String { hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    /// Runs a command's one call; its error is said in one line (or one line each), and becomes the process's exit status.
    static func exiting(_ body: () throws -> Int32) -> Never {
        do {
            end(try body())
        } catch {
            if let faults = error as? DocumentErrors {
                for diagnostic in faults.diagnostics { say(diagnostic.description) }
            } else {
                say("error: \(ErrorWords.line(error))")
            }
            end(exitStatus(of: error))
        }
    }

    static func exitStatus(of error: any Error) -> Int32 {
        switch error {
        case is DocumentErrors: PipelineError.Code.document.exitStatus
        default: FailureReason.exitStatus(of: error)
        }
    }

    /// An error in one line.
    static func line(_ error: any Error) -> String {
        guard let faults = (error as? DocumentErrors)?.diagnostics, let first = faults.first else {
            return ErrorWords.line(error)
        }
        return faults.count == 1 ? first.description : "\(first.description) (and \(faults.count - 1) more)"
    }
}
