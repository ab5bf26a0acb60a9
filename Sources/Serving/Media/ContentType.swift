/// What a published file is, by its name (Apple's HLS authoring specification 10.4; RFC 8216, 4).
enum ContentType {
    /// - Parameter file: relative to the version's folder, such as `audio/en/init.mp4`.
    static func of(_ file: String) -> String {
        let ending = file.split(separator: ".").last.map(String.init) ?? ""
        switch ending {
        case "m3u8": return "application/vnd.apple.mpegurl"
        case "mpd": return "application/dash+xml"
        case "mp4": return file.hasPrefix("audio/") ? "audio/mp4" : "video/mp4"
        case "m4s": return "video/iso.segment"
        case "vtt": return "text/vtt; charset=utf-8"
        case "jpg", "jpeg": return "image/jpeg"
        case "webp": return "image/webp"
        case "png": return "image/png"
        case "json": return "application/json"
        default: return "application/octet-stream"
        }
    }
}
