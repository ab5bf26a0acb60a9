/// What a server has shown of how it checks the bodies that it gets. Knows no network.
///
/// That it tells a SHA-256 proves nothing: some servers repeat what they were told.
package struct BodyTrust: Hashable, Sendable {
    /// It has refused a body that was not the one whose SHA-256 was signed: what it takes is what was meant.
    package private(set) var refusesOthers = false
    private var wasTested = false

    /// No body that is ever sent has it.
    package static let wrongSHA256 = Digest.hexSHA256(Array("This is the SHA-256 of a body that is never sent.".utf8))

    /// Whether MD5 is the only proof of what has arrived.
    package var needsMD5: Bool { !refusesOthers }

    var isOpenQuestion: Bool { needsMD5 && !wasTested }

    /// - Returns: whether it is worth it; once.
    mutating func beginTest() -> Bool {
        guard isOpenQuestion else { return false }
        wasTested = true
        return true
    }

    mutating func sawRefusal(_ fault: S3Fault) { refusesOthers = refusesOthers || Self.mismatchCodes.contains(fault.code) }

    /// The last: a server may compute the signature from what it has got.
    private static let mismatchCodes: Set<String> = ["XAmzContentSHA256Mismatch", "BadDigest", "SignatureDoesNotMatch"]
}
