import Crypto
package import Foundation
import Notation
import Synchronization

/// MD5 of a body, computed from its pieces as they go out.
package final class SendingMD5: Sendable {
    private struct State {
        var function = Insecure.MD5()
        /// nil: a piece is missing.
        var count: Int64? = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter position: where the piece begins; from 0 again when the body is sent anew.
    package func take(_ piece: Data, at position: Int64) {
        state.withLock { state in
            if position == 0 { state = State() }
            guard state.count == position else { return state.count = nil }
            state.function.update(data: piece)
            state.count = position + Int64(piece.count)
        }
    }

    /// Lower-case hex; nil when not all of a body of so many bytes went out.
    package func hex(bytes: Int64) -> String? {
        state.withLock { state in state.count == bytes ? Hex.encode(state.function.finalize()) : nil }
    }
}
