import Crypto
package import Foundation
import Notation

/// Checksums in the forms that S3 writes them in.
package enum Digest {
    /// SHA-256 of no bytes at all.
    static let emptySHA256 = hexSHA256([])

    package static func hexSHA256(_ bytes: some DataProtocol) -> String { Hex.encode(SHA256.hash(data: bytes)) }

    package static func base64MD5(_ bytes: some DataProtocol) -> String {
        Data(Insecure.MD5.hash(data: bytes)).base64EncodedString()
    }

    package static func hexMD5(_ bytes: some DataProtocol) -> String { Hex.encode(Insecure.MD5.hash(data: bytes)) }

    /// The same checksum as `x-amz-checksum-…` carries it.
    package static func base64(hex: String) -> String? { Hex.decode(hex).map { Data($0).base64EncodedString() } }

    /// SHA-256 of the parts' checksums and how many there are, as S3 tells it of an object that came in parts.
    package static func compositeSHA256(_ parts: [String]) -> String {
        let bytes = parts.flatMap { Data(base64Encoded: $0) ?? Data() }
        return "\(Data(SHA256.hash(data: bytes)).base64EncodedString())-\(parts.count)"
    }

    package static func hex(base64: String) -> String? { Data(base64Encoded: base64).map { Hex.encode($0) } }
}
