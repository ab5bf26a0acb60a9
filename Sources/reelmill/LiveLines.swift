import Synchronization

/// The lines below what scrolls by, written over as they change.
///
/// The cursor rests at their beginning. So they are erased by one sequence that counts no rows: whoever made the terminal narrower
/// meanwhile,
/// so that it broke them anew, has it clean again all the same.
enum LiveLines {
    private static let isDrawn = Mutex(false)

    /// Takes the place of those that are drawn; cut to what the terminal holds.
    static func draw(_ lines: [String]) {
        let (columns, rows) = Terminal.size
        let fitting = lines.prefix(max(1, rows - 1)).map { String($0.prefix(max(1, columns - 1))) }
        guard !fitting.isEmpty else { return clear() }
        let up = fitting.count > 1 ? "\u{1B}[\(fitting.count - 1)A" : ""
        isDrawn.withLock { isDrawn in
            isDrawn = true
            Terminal.write("\r\u{1B}[J" + fitting.joined(separator: "\n") + "\r" + up)
        }
    }

    /// Takes them away, before anything else is said.
    static func clear() {
        isDrawn.withLock { isDrawn in
            guard isDrawn else { return }
            isDrawn = false
            Terminal.write("\r\u{1B}[J")
        }
    }
}
