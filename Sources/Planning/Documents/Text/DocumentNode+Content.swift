import Crypto
import Foundation

extension DocumentNode {
    /// SHA-256 over what the document says, in lower-case hex. Comments, the form of a scalar, the order of keys and the left-out keys of
    /// the outermost record do not count.
    func contentSHA256(without keys: Set<String>) -> String {
        var root = self
        if case .record(let entries) = content { root.content = .record(entries.filter { !keys.contains($0.key) }) }
        return SHA256.hash(data: Data(root.canonical.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    /// Every text with its length before it, so that no two documents that differ give the same text.
    private var canonical: String {
        func text(_ text: String) -> String { "\(text.utf8.count):\(text)" }
        switch content {
        case .nothing, .refused: return "-"
        case .scalar(let value): return text(value)
        case .list(let items): return "[" + items.map(\.canonical).joined() + "]"
        case .record(let entries):
            return "{" + entries.sorted { $0.key < $1.key }.map { text($0.key) + $0.value.canonical }.joined() + "}"
        }
    }
}
