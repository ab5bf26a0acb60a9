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
        var text: [UInt8] = []
        for byte in bytes { text += [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// nil: no hex.
    static func bytes(hex: String) -> [UInt8]? {
        let values = hex.utf8.compactMap(value(ofHexDigit:))
        guard values.count == hex.utf8.count, values.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    private static func value(ofHexDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
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
