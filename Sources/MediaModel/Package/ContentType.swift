/// What a file of a package is served as (Apple HLS authoring specification, 10.4; RFC 8216, 4; ISO/IEC 23009-1, annex C).
package enum ContentType {
    /// - Parameter path: relative to the version's folder; the folder tells an audio init segment from a video one.
    package static func of(_ path: String) -> String {
        let ending = path.split(separator: ".").last.map(String.init) ?? ""
        switch ending {
        case "m3u8": return "application/vnd.apple.mpegurl"
        case "mpd": return "application/dash+xml"
        case "m4s": return "video/iso.segment"
        case "mp4" where path.hasPrefix("audio/"): return "audio/mp4"
        case "mp4" where path.hasPrefix("text/"): return "application/mp4"
        case "mp4": return "video/mp4"
        case "vtt": return "text/vtt"
        case "jpg", "jpeg": return "image/jpeg"
        case "webp": return "image/webp"
        case "png": return "image/png"
        case "json": return "application/json"
        default: return "application/octet-stream"
        }
    }
}
