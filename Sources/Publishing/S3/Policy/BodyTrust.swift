import Curl

/// What a server has shown of how it checks the bodies that it gets. Knows no network.
struct BodyTrust: Hashable, Sendable {
    /// It tells a SHA-256 of its own with what it holds.
    private(set) var tellsSHA256 = false
    /// It has refused a body that was not the one whose SHA-256 was signed: what it takes is what was meant.
    private(set) var refusesOthers = false
    private var wasTested = false
    private var wasSilent = false

    /// No body that is ever sent has it.
    static let wrongSHA256 = Digest.hexSHA256(Array("This is the SHA-256 of a body that is never sent.".utf8))

    /// Whether MD5 is the only proof of what has arrived.
    var needsMD5: Bool { !tellsSHA256 && !refusesOthers }

    /// Whether the server was heard out, and did not tell by itself.
    var isOpenQuestion: Bool { needsMD5 && wasSilent && !wasTested }

    mutating func saw(_ answer: HTTPResponse, to request: HTTPRequest) {
        if answer["x-amz-checksum-sha256"] != nil || answer["x-amz-checksum-algorithm"]?.uppercased() == "SHA256" { tellsSHA256 = true }
        // A server that knows checksums repeats one, and the wish for them when parts are to come.
        let wanted = request.headers.contains { field in
            field.name == "x-amz-checksum-sha256" || (field.name == "x-amz-checksum-algorithm" && request.method == "POST")
        }
        if answer.status == 200, wanted { wasSilent = true }
    }

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
