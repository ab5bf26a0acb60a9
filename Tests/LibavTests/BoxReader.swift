/// Just enough of ISO/IEC 14496-12 to check what was written, from the bytes alone.
struct BoxReader {
    let bytes: ArraySlice<UInt8>

    /// The boxes of one level: type and payload.
    var boxes: [(type: String, payload: ArraySlice<UInt8>)] {
        var found: [(type: String, payload: ArraySlice<UInt8>)] = []
        var place = bytes.startIndex
        while place + 8 <= bytes.endIndex {
            let size = Int(BoxReader.number(bytes[place..<place + 4]))
            guard size >= 8, place + size <= bytes.endIndex else { break }
            found.append((String(decoding: bytes[place + 4..<place + 8], as: UTF8.self), bytes[place + 8..<place + size]))
            place += size
        }
        return found
    }

    /// Payloads of all boxes at this path, such as `moof/traf/tfdt`.
    func payloads(_ path: String) -> [ArraySlice<UInt8>] {
        path.split(separator: "/").reduce([bytes]) { level, type in
            level.flatMap { slice in BoxReader(bytes: slice).boxes.filter { $0.type == type }.map(\.payload) }
        }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
