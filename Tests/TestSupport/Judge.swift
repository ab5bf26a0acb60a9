import Foundation

/// What the `ffmpeg` and `ffprobe` programs say of a file: a second opinion.
package enum Judge {
    /// What `ffmpeg -v error` prints while it decodes all of `path` (a file, a playlist or an MPD); empty: nothing to complain about.
    package static func complaints(_ path: String) throws -> String {
        let result = try Program.run("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-f", "null", "-"])
        return result.status == 0 || !result.errors.isEmpty ? result.errors : "ffmpeg ended with \(result.status)"
    }

    /// Decoded frames of the first picture track.
    package static func frames(_ path: String) throws -> Int? {
        Int(try entries(path, "stream=nb_read_frames", ["-count_frames", "-select_streams", "v:0"]).first ?? "")
    }

    /// One field of `ffprobe`, such as `stream=codec_name` or `packet=pts_time`: its value per stream, packet or frame, in order.
    package static func entries(_ path: String, _ entry: String, _ options: [String] = []) throws -> [String] {
        let output = try Program.demand(
            "ffprobe", ["-v", "error"] + options + ["-show_entries", entry, "-of", "default=noprint_wrappers=1:nokey=1", path])
        return output.split(whereSeparator: \.isNewline).map(String.init)
    }
}
