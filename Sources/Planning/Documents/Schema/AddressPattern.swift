import MediaModel

/// Files and addresses for the JSON Schema: regular expressions (ECMA-262) of what the reader takes.
extension Shape {
    /// Endings of subtitle formats that are not read yet; whether the others are SubRip or WebVTT shows when they are read.
    private static let unreadSubtitles = ["ass", "ssa", "sub", "idx", "sup", "ttml", "dfxp", "itt", "scc", "stl", "mcc", "sami", "smi"]

    static func subtitleFault(_ path: String) -> String? {
        guard let ending = path.lowercased().split(separator: ".").last, unreadSubtitles.contains(String(ending)) else { return nil }
        return ".\(ending) subtitles are not supported yet; give SubRip (.srt) or WebVTT (.vtt)"
    }

    /// A path: not empty, and no URL.
    static let filePattern = #"^(?![fF][iI][lL][eE]:)(?![A-Za-z][A-Za-z0-9]+:(?://|[\s\S]*://))[\s\S]*\S"#

    /// A path, or a well-formed `https://` or `s3://` address without a name and password.
    static let sourcePattern = "^(?:\(webPattern)|\(objectPattern)|(?!(?:[hH][tT][tT][pP][sS]?|[sS]3)://)\(filePattern.dropFirst()))"

    /// Plain and percent-encoded, with a file's name behind the last slash (RFC 3986); no fragment.
    private static let webPattern =
        #"https?://[!$-.0-;=A-\[\]_a-z~]+/[!$-;=@-\[\]_a-z~]*[!$-.0-;=@-\[\]_a-z~](?:\?[!$-;=?-\[\]_a-z~]*)?$"#
    private static let objectPattern = #"s3://\#(notExpress)\#(bucket)/[\s\S]*[^/]$"#
    private static let bucket = "[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]"
    private static let notExpress = "(?![^/]*--x-s3(?:/|$))"

    static let subtitlesPattern =
        "^(?!.*\\.(?:\(unreadSubtitles.map { word in word.map { "[\($0)\($0.uppercased())]" }.joined() }.joined(separator: "|")))$)"
        + sourcePattern.dropFirst()

    /// `sqlite:PATH` or `file:PATH`, without a host.
    static func locationPattern(_ scheme: String) -> String {
        let letters = scheme.map { "[\($0)\($0.uppercased())]" }.joined()
        return #"^\#(letters):(?!//(?!/))[\s\S]"#
    }

    static let storePattern =
        "\(locationPattern("file"))|^s3://\(notExpress)\(bucket)(?:/(?!\\.{1,2}(?:/|$))[^/]+)*/?$"
}
