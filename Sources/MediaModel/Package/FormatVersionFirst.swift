/// JSON documents begin with `format_version`, so that whoever reads one as a stream knows what follows. Encoders sort keys, or keep no
/// order.
package enum FormatVersionFirst {
    /// The same document with that member of its outermost object in front; one without it stays as it is.
    /// - Parameter document: an object in UTF-8, compact or indented.
    package static func moved(in document: [UInt8]) -> [UInt8] {
        guard let open = document.firstIndex(of: UInt8(ascii: "{")), let close = document.lastIndex(of: UInt8(ascii: "}")) else {
            return document
        }
        var members = members(document[(open + 1)..<close])
        guard let last = members.last, let place = members.firstIndex(where: isVersion), place > 0 else { return document }
        // What stands before the closing brace is nobody's.
        let text = last.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? last.endIndex
        members[members.count - 1] = last[..<text]
        members.insert(members.remove(at: place), at: 0)
        return Array(document[...open]) + Array(members.joined(separator: [UInt8(ascii: ",")])) + Array(document[text..<close])
            + Array(document[close...])
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isVersion(_ member: ArraySlice<UInt8>) -> Bool {
        member.drop(while: isSpace).starts(with: "\"format_version\"".utf8)
    }

    /// What stands between the commas that are in no string and no inner value.
    private static func members(_ body: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var members: [ArraySlice<UInt8>] = []
        var (start, depth, isText, isEscaped) = (body.startIndex, 0, false, false)
        for place in body.indices {
            let byte = body[place]
            if isEscaped {
                isEscaped = false
            } else if isText {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isText = false }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
            } else if byte == UInt8(ascii: ","), depth == 0 {
                members.append(body[start..<place])
                start = place + 1
            }
        }
        return members + [body[start...]]
    }
}
