import Crypto
import Foundation

/// Checksums in the forms that S3 writes them in.
enum Digest {
    /// SHA-256 of no bytes at all.
    static let emptySHA256 = hexSHA256([])

    static func hexSHA256(_ bytes: some DataProtocol) -> String { hex(SHA256.hash(data: bytes)) }

    static func base64MD5(_ bytes: some DataProtocol) -> String { Data(Insecure.MD5.hash(data: bytes)).base64EncodedString() }

    static func hexMD5(_ bytes: some DataProtocol) -> String { hex(Insecure.MD5.hash(data: bytes)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// nil: no hex.
    static func bytes(hex: String) -> [UInt8]? {
        let digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// The same checksum as `x-amz-checksum-…` carries it.
    static func base64(hex: String) -> String? { bytes(hex: hex).map { Data($0).base64EncodedString() } }

    /// SHA-256 of the parts' checksums and how many there are, as S3 tells it of an object that came in parts.
    static func compositeSHA256(_ parts: [String]) -> String {
        let bytes = parts.flatMap { Data(base64Encoded: $0) ?? Data() }
        return "\(Data(SHA256.hash(data: bytes)).base64EncodedString())-\(parts.count)"
    }

    static func hex(base64: String) -> String? { Data(base64Encoded: base64).map { Self.hex($0) } }
}
